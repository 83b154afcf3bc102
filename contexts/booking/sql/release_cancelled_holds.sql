-- Releases holds of a cancelled performance: they become `released`, with their claims, quotas, log entries
-- and one `booking.released`. Returns the number and the freed seats. The performance has been closed, so
-- there are no new holds; expired holds are left to the sweep.
create or replace function release_cancelled_holds(p_performance int, p_limit int)
returns table (released int, freed int[])
language plpgsql as $$
#variable_conflict use_column
declare
  v_ids text[];
begin
  select array_agg(d.booking_id) into v_ids from (
    select b.booking_id from bookings b
    where b.status = 'held' and b.performance_no = p_performance
    order by b.booking_id limit p_limit) d;
  if v_ids is null then return query select 0, '{}'::int[]; return; end if;
  perform lock_bookings(v_ids);
  select array_agg(d.booking_id) into v_ids from (
    select b.booking_id from bookings b
    where b.booking_id = any (v_ids) and b.status = 'held') d;
  if v_ids is null then return query select 0, '{}'::int[]; return; end if;

  update bookings b set status = 'released' where b.booking_id = any (v_ids);
  insert into booking_log (booking_id, from_status, to_status, actor)
  select unnest(v_ids), 'held', 'released', 'event-cancelled';
  with gone as (
    delete from quota_holds h where h.holder_id = any (v_ids) returning h.quota_no, h.quantity
  ), sums as (
    select g.quota_no, sum(g.quantity) as quantity from gone g group by g.quota_no
  )
  update quotas c set held = c.held - s.quantity from sums s where c.quota_no = s.quota_no;
  update event_cancellations e set holds_released = e.holds_released + cardinality(v_ids)
  where e.performance_no = p_performance;

  return query
  with line as (
    select b.booking_id, l.seat, l.tier, l.quantity
    from bookings b cross join lateral unnest(b.line_seats, b.line_tiers, b.line_quantities) as l (seat, tier, quantity)
    where b.booking_id = any (v_ids)
  ), freed_seat as (
    delete from seat_claims c using line l
    where l.seat >= 0 and c.performance_no = p_performance and c.seat = l.seat and c.holder_id = l.booking_id
    returning c.holder_id, c.seat
  ), part as (
    select json_build_object('booking_id', l.booking_id,
        'seats', coalesce(json_agg(l.seat order by l.seat) filter (where f.seat is not null), '[]'),
        'seat_tiers', coalesce(json_agg(t.tier_id order by l.seat) filter (where f.seat is not null), '[]'),
        'places', coalesce(json_agg(json_build_object('tier_id', t.tier_id, 'quantity', l.quantity)) filter (where l.seat < 0), '[]')) as taken
    from line l
    join tiers t on t.tier_no = l.tier
    left join freed_seat f on f.holder_id = l.booking_id and f.seat = l.seat
    group by l.booking_id
  ), announced as (
    insert into outbox (topic, key, payload)
    select 'booking.released', p.performance_id,
      json_build_object('performance_id', p.performance_id, 'bookings', (select json_agg(x.taken) from part x))
    from performances p where p.performance_no = p_performance
    returning 1
  )
  select cardinality(v_ids), (select coalesce(array_agg(f.seat order by f.seat), '{}') from freed_seat f);
end $$;
