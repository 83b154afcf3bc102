-- Returns the quantities of expired holds and released blocks to a tier; the caller has the counter locked.
-- Returns the total. The bookings themselves are announced by the sweep, which finds nothing left to release.
create or replace function reap_ga_holds(p_tier int, p_now timestamptz) returns int
language plpgsql as $$
declare
  v_held int;
  v_blocked int;
begin
  with ended as (
    delete from ga_holds h where h.tier_no = p_tier and h.expires_at <= p_now returning h.holder_id, h.quantity
  )
  select coalesce(sum(quantity) filter (where holder_id like 'bk\_%'), 0),
    coalesce(sum(quantity) filter (where holder_id like 'blk\_%'), 0)
  into v_held, v_blocked from ended;
  if v_held + v_blocked > 0 then
    update ga_counters c set held = c.held - v_held, blocked = c.blocked - v_blocked where c.tier_no = p_tier;
  end if;
  return v_held + v_blocked;
end $$;
