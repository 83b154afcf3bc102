-- Releases the remaining claims of a booking or block; the caller holds its locks (lock_bookings,
-- lock_block). Returns the seats really freed: a seat that another buyer took over in the meantime stays
-- taken, and a delayed "available" must never hide that. `p_seats` null: every seat of the holder.
create or replace function free_claims(p_holder_id text, p_performance int, p_seats int[]) returns int[]
language plpgsql as $$
declare
  v_freed int[];
begin
  with freed as (
    delete from seat_claims c
    where c.performance_no = p_performance and (p_seats is null or c.seat = any (p_seats)) and c.holder_id = p_holder_id
    returning c.seat
  )
  select coalesce(array_agg(seat order by seat), '{}') into v_freed from freed;
  with ended as (
    delete from quota_holds h where h.holder_id = p_holder_id returning h.quota_no, h.quantity
  )
  update quotas c
  set held = c.held - case when p_holder_id like 'bk\_%' then e.quantity else 0 end,
    blocked = c.blocked - case when p_holder_id like 'blk\_%' then e.quantity else 0 end
  from ended e where c.quota_no = e.quota_no;
  return v_freed;
end $$;
