-- The status that a booking has now: a hold past its expiry is expired, and one of a cancelled performance is
-- released, whether or not a job has recorded it.
create or replace function booking_status(p_status text, p_expires_at timestamptz, p_performance_status text) returns text
language sql stable as $$
  select case
    when p_status = 'held' and p_expires_at <= now() then 'expired'
    when p_status = 'held' and p_performance_status = 'cancelled' then 'released'
    else p_status end
$$;
