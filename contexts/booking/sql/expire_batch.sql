-- Announces holds that ended: marks them, frees the claims that are still theirs, one `booking.expired` a performance.
-- Expiry itself needs none of this: the claim's own expires_at decides at the next hold. Answers how many, and which.
create or replace function expire_batch(p_t timestamptz, p_limit int)
returns table (booking_id text, performance_no int, freed int[])
language plpgsql as $$
#variable_conflict use_column
declare
  v_ids text[];
begin
  select array_agg(d.booking_id) into v_ids from (
    select b.booking_id from bookings b
    where b.status = 'held' and b.expires_at <= p_t
    order by b.expires_at limit p_limit for update skip locked) d;
  if v_ids is null then return; end if;

  perform 1 from place_counts c
  where c.tier_no in (select l.tier from bookings b cross join lateral unnest(b.line_seats, b.line_tiers) as l (seat, tier)
    where b.booking_id = any (v_ids) and l.seat < 0)
  order by c.tier_no for update;
  update bookings b set status = 'expired' where b.booking_id = any (v_ids);
  insert into booking_log (booking_id, from_status, to_status, actor) select unnest(v_ids), 'held', 'expired', 'clock';
  with gone as (
    delete from place_holds h where h.holder_id = any (v_ids) returning h.tier_no, h.quantity
  ), sums as (
    select g.tier_no, sum(g.quantity) as quantity from gone g group by g.tier_no
  )
  update place_counts c set held = c.held - s.quantity from sums s where c.tier_no = s.tier_no;

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
