-- The locks of a block, in the order of the README: its performance, its quotas, its seat claims ascending,
-- the block. A block's seats and tier never change, so they can be read before any lock.
create or replace function lock_block(p_block_id text) returns void
language plpgsql as $$
declare
  v_performance_id text;
  v_tier_id text;
begin
  select b.performance_id, b.tier_id into v_performance_id, v_tier_id from blocks b where b.block_id = p_block_id;
  if not found then return; end if;
  perform lock_performance(v_performance_id);
  perform lock_quotas(array(select t.tier_no from tiers t where t.tier_id = v_tier_id));
  perform 1 from seat_claims c join performances p using (performance_no)
  where p.performance_id = v_performance_id and c.holder_id = p_block_id
  order by c.seat for update of c;
  perform 1 from blocks b where b.block_id = p_block_id for update;
end $$;
