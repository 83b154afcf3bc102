-- Announces expired holds: updates them, frees the claims that they still have, and writes one
-- `booking.expired` per performance. Expiry itself depends on none of this: the claim's own expires_at
-- decides at the next hold. `p_as_of` null is the clock. Returns the bookings, and the seats that each freed.
create or replace function expire_batch(p_as_of timestamptz, p_limit int)
returns table (booking_id text, performance_no int, freed int[])
language plpgsql
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_ids text[];
  v_now timestamptz;
begin
  select array_agg(d.booking_id) into v_ids from (
    select b.booking_id from bookings b
    where b.status = 'held' and b.expires_at <= coalesce(p_as_of, now())
    order by b.expires_at limit p_limit) d;
  if v_ids is null then return; end if;
  perform lock_bookings(v_ids);
  v_now := coalesce(p_as_of, clock_timestamp());
  -- Some may have been confirmed or expired by another transaction while this one waited for the locks.
  select array_agg(b.booking_id) into v_ids from bookings b
  where b.booking_id = any (v_ids) and b.status = 'held' and b.expires_at <= v_now;
  if v_ids is null then return; end if;

  update bookings b set status = 'expired' where b.booking_id = any (v_ids);
  insert into booking_log (booking_id, from_status, to_status, actor) select unnest(v_ids), 'held', 'expired', 'clock';
  with ended as (
    delete from quota_holds h where h.holder_id = any (v_ids) returning h.quota_no, h.quantity
  ), sums as (
    select e.quota_no, sum(e.quantity) as quantity from ended e group by e.quota_no
  )
  update quotas c set held = c.held - s.quantity from sums s where c.quota_no = s.quota_no;

  return query
  with line as (
    select b.booking_id, b.performance_no, l.seat, l.tier, l.quantity
    from bookings b cross join lateral unnest(b.line_seats, b.line_tiers, b.line_quantities) as l (seat, tier, quantity)
    where b.booking_id = any (v_ids)
  ), freed_seat as (
    delete from seat_claims c using line l
    where l.seat >= 0 and c.performance_no = l.performance_no and c.seat = l.seat and c.holder_id = l.booking_id
    returning c.holder_id, c.seat
  ), part as (
    select l.booking_id, l.performance_no,
      json_build_object('booking_id', l.booking_id,
        'seats', coalesce(json_agg(l.seat order by l.seat) filter (where f.seat is not null), '[]'),
        'seat_tiers', coalesce(json_agg(t.tier_id order by l.seat) filter (where f.seat is not null), '[]'),
        'places', coalesce(json_agg(json_build_object('tier_id', t.tier_id, 'quantity', l.quantity)) filter (where l.seat < 0), '[]')) as taken,
      coalesce(array_agg(l.seat order by l.seat) filter (where f.seat is not null), '{}') as freed
    from line l
    join tiers t on t.tier_no = l.tier
    left join freed_seat f on f.holder_id = l.booking_id and f.seat = l.seat
    group by l.booking_id, l.performance_no
  ), announced as (
    insert into outbox (topic, key, payload)
    select 'booking.expired', p.performance_id,
      json_build_object('performance_id', p.performance_id, 'bookings', json_agg(x.taken))
    from part x join performances p using (performance_no)
    group by p.performance_id
    returning 1
  )
  select x.booking_id, x.performance_no, x.freed from part x;
end $$;
