-- Releases holds of a cancelled performance. Returns the number and the freed seats. The performance has been closed, so
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

  update event_cancellations e set holds_released = e.holds_released + cardinality(v_ids)
  where e.performance_no = p_performance;
  return query
    select cardinality(v_ids), coalesce(array_agg(f.seat order by f.seat), '{}')
    from end_holds(v_ids, 'released', 'event-cancelled') h cross join lateral unnest(h.freed) as f (seat);
end $$;
