-- For blocks and publication: before publication there is no row to lock, so the performance's id is locked
-- first. The row itself is locked as holds lock it, which serializes this with a cancellation of the event.
create or replace function lock_performance(p_performance_id text) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_performance_id, 0));
  perform 1 from performances p where p.performance_id = p_performance_id for key share;
end $$;
