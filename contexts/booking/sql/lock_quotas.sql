-- Locks every quota that these tiers draw on, ascending: after the persons, before the seats (README, "Lock order").
create or replace function lock_quotas(p_tier_nos int[]) returns void
language plpgsql as $$
begin
  perform 1 from quotas c
  where c.quota_no in (select q.quota_no from quota_tiers q where q.tier_no = any (p_tier_nos))
  order by c.quota_no for update;
end $$;
