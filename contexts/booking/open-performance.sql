-- @name known_revision
select revision from booking.performances where performance_id = :performance_id for no key update

-- @name keep_chart
insert into booking.charts (chart_id, chart) values (:chart_id, :chart) on conflict (chart_id) do nothing

-- @name upsert_performance
insert into booking.performances (performance_id, event_id, organization_id, revision, chart_id, seat_count, title, currency,
  start_time, end_time, refund_policy, status)
values (:performance_id, :event_id, :organization_id, :revision, :chart_id, :seat_count, :title, :currency,
  :start_time, :end_time, :refund_policy,
  case when exists (select from booking.cancelled_performances c where c.performance_id = :performance_id)
    then 'cancelled' else 'on_sale' end)
on conflict (performance_id) do update
set revision = excluded.revision, title = excluded.title, start_time = excluded.start_time, end_time = excluded.end_time,
  refund_policy = excluded.refund_policy
returning performance_no, status

-- @name add_terms
insert into booking.performance_terms (performance_no, revision, start_time, refund_policy)
values (:performance_no, :revision, :start_time, :refund_policy)
on conflict (performance_no, revision) do nothing

-- @name upsert_tiers
insert into booking.tiers (tier_id, performance_no, position, name, price, categories, quantity, sale_start, sale_end,
  min_per_order, max_per_order, max_per_person)
select x.tier_id, :performance_no, x.position, x.name, x.price, x.categories, x.quantity, x.sale_start, x.sale_end,
  x.min_per_order, x.max_per_order, x.max_per_person
from json_to_recordset(:tiers::json) as x (tier_id text, position int, name text, price bigint, categories text[], quantity int,
  sale_start timestamptz, sale_end timestamptz, min_per_order int, max_per_order int, max_per_person int)
on conflict (tier_id) do update
set position = excluded.position, name = excluded.name, price = excluded.price, categories = excluded.categories,
  quantity = excluded.quantity, sale_start = excluded.sale_start, sale_end = excluded.sale_end,
  min_per_order = excluded.min_per_order, max_per_order = excluded.max_per_order, max_per_person = excluded.max_per_person

-- @name open_quotas
-- The quotas of the tiers that have a quantity of their own.
with own as (
  insert into booking.quotas (performance_no, tier_no, total)
  select t.performance_no, t.tier_no, t.quantity from booking.tiers t
  where t.performance_no = :performance_no and t.quantity is not null
  order by t.tier_no
  on conflict (tier_no) do update set total = excluded.total
  returning tier_no, quota_no
)
insert into booking.quota_tiers (tier_no, quota_no) select tier_no, quota_no from own order by tier_no
on conflict do nothing

-- @name noted_blocks
select block_id from booking.blocks
where performance_id = :performance_id and applied_at is null and (release_at is null or release_at > now())
order by created_at, block_id
