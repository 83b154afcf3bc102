-- Gives back to a quota what its expired holds and released blocks had; the caller has it locked. Returns what is
-- free. The bookings themselves are announced by the sweep, which finds nothing left to release.
create or replace function refresh_quota(p_quota int, p_now timestamptz) returns int
language plpgsql
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_held int;
  v_blocked int;
  v_free int;
begin
  with ended as (
    delete from quota_holds h where h.quota_no = p_quota and h.expires_at <= p_now returning h.holder_id, h.quantity
  )
  select coalesce(sum(quantity) filter (where holder_id like 'bk\_%'), 0),
    coalesce(sum(quantity) filter (where holder_id like 'blk\_%'), 0)
  into v_held, v_blocked from ended;
  if v_held + v_blocked > 0 then
    update quotas c set held = c.held - v_held, blocked = c.blocked - v_blocked where c.quota_no = p_quota;
  end if;
  select c.total - c.held - c.sold - c.blocked into v_free from quotas c where c.quota_no = p_quota;
  return v_free;
end $$;
