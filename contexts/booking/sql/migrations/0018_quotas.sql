-- A quota is a capacity of one performance that tiers draw on. A tier's own quantity is one of them; a shared one has a
-- public id and a name. Whoever holds, buys or blocks draws on every quota of the tier.
alter table ga_counters rename to quotas;
alter table quotas rename column tier_no to quota_no;
alter table quotas rename constraint ga_counters_pkey to quotas_pkey;
alter table quotas rename constraint ga_counters_check to quotas_check;
alter table quotas rename constraint ga_counters_total_check to quotas_total_check;
alter table quotas rename constraint ga_counters_held_check to quotas_held_check;
alter table quotas rename constraint ga_counters_sold_check to quotas_sold_check;
alter table quotas rename constraint ga_counters_blocked_check to quotas_blocked_check;
alter table quotas drop constraint ga_counters_tier_no_fkey;
alter table quotas
  add column performance_no int references performances (performance_no),
  add column tier_no int unique references tiers (tier_no),
  add column quota_id text collate "C" unique,
  add column name text;
update quotas q set tier_no = t.tier_no, performance_no = t.performance_no from tiers t where t.tier_no = q.quota_no;
alter table quotas
  alter column performance_no set not null,
  alter column quota_no add generated always as identity,
  add constraint quotas_own_or_shared_check check ((tier_no is null) = (quota_id is not null) and (quota_id is null) = (name is null));
select setval(pg_get_serial_sequence('quotas', 'quota_no'), coalesce(max(quota_no), 0) + 1, false) from quotas;
create index on quotas (performance_no);

create table quota_tiers (
  tier_no int references tiers (tier_no),
  quota_no int references quotas on delete cascade,
  primary key (tier_no, quota_no)
);
create index on quota_tiers (quota_no);
insert into quota_tiers (tier_no, quota_no) select tier_no, quota_no from quotas order by tier_no;

alter table ga_holds rename to quota_holds;
alter table quota_holds rename column tier_no to quota_no;
alter table quota_holds rename constraint ga_holds_pkey to quota_holds_pkey;
alter table quota_holds rename constraint ga_holds_quantity_check to quota_holds_quantity_check;
alter table quota_holds drop constraint ga_holds_tier_no_fkey;
alter table quota_holds add foreign key (quota_no) references quotas on delete cascade;
alter index ga_holds_tier_no_expires_at_idx rename to quota_holds_quota_no_expires_at_idx;

drop function if exists hold_ga_batch, hold_batch, hold_carefully, reap_ga_holds, free_claims;
