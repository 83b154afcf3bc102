-- Ends holds: they become `expired` or `released`, with their claims, quotas, log entries and one event per
-- performance (`booking.expired`, `booking.released`). The caller has them locked (lock_bookings) and has seen
-- that they are held. Returns the seats that each really freed: a seat that another buyer took over in the meantime
-- stays taken, and a delayed "available" must never hide that.
create or replace function end_holds(p_booking_ids text[], p_status text, p_actor text)
returns table (booking_id text, performance_no int, freed int[])
language plpgsql
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
  update bookings b set status = p_status where b.booking_id = any (p_booking_ids);
  insert into booking_log (booking_id, from_status, to_status, actor)
  select unnest(p_booking_ids), 'held', p_status, p_actor;
  with ended as (
    delete from quota_holds h where h.holder_id = any (p_booking_ids) returning h.quota_no, h.quantity
  ), sums as (
    select e.quota_no, sum(e.quantity) as quantity from ended e group by e.quota_no
  )
  update quotas c set held = c.held - s.quantity from sums s where c.quota_no = s.quota_no;

  return query
  with line as (
    select b.booking_id, b.performance_no, l.seat, l.tier, l.quantity
    from bookings b cross join lateral unnest(b.line_seats, b.line_tiers, b.line_quantities) as l (seat, tier, quantity)
    where b.booking_id = any (p_booking_ids)
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
    select 'booking.' || p_status, p.performance_id,
      json_build_object('performance_id', p.performance_id, 'bookings', json_agg(x.taken))
    from part x join performances p using (performance_no)
    group by p.performance_id
    returning 1
  )
  select x.booking_id, x.performance_no, x.freed from part x;
end $$;
