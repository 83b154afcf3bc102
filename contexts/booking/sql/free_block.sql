-- Gives back what a block has; the caller has locked it (lock_block). Returns the seats really freed: after its
-- release time a seat may be another buyer's, and stays taken.
create or replace function free_block(p_block_id text, p_performance int) returns int[]
language plpgsql as $$
declare
  v_freed int[];
begin
  with freed as (
    delete from seat_claims c where c.performance_no = p_performance and c.holder_id = p_block_id returning c.seat
  )
  select coalesce(array_agg(seat order by seat), '{}') into v_freed from freed;
  with ended as (
    delete from quota_holds h where h.holder_id = p_block_id returning h.quota_no, h.quantity
  )
  update quotas c set blocked = c.blocked - e.quantity from ended e where c.quota_no = e.quota_no;
  return v_freed;
end $$;
