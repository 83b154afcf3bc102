-- Locks every quota that these tiers draw on, ascending: after the persons, before the seats (README, "Lock order").
create or replace function lock_quotas(p_tier_nos int[]) returns void
language plpgsql
-- By key whatever the statistics say: a plan made while the tables were small would read them whole.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
  perform 1 from quotas c
  where c.quota_no in (select q.quota_no from quota_tiers q where q.tier_no = any (p_tier_nos))
  order by c.quota_no for update;
end $$;
