-- Announces expired holds. Expiry itself depends on none of this: the claim's own expires_at
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

  return query select * from end_holds(v_ids, 'expired', 'clock');
end $$;
