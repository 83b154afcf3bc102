-- @name performance
select p.start_time, p.end_time, c.categories as chart_categories, now() as now,
  (select count(*)::int from tiers t where t.performance_id = p.id) as tier_count
from performances p
left join charts c on c.id = p.chart_id
where p.id = :performance_id and p.event_id = :event_id

-- @name insert_tier
insert into tiers (id, organization_id, event_id, performance_id, position, name, amount, currency, categories, quantity,
  sale_start, sale_end, min_per_order, max_per_order, max_per_person)
values (:id, :organization_id, :event_id, :performance_id, :position, :name, :amount, :currency, :categories, :quantity,
  :sale_start, :sale_end, :min_per_order, :max_per_order, :max_per_person)
returning id, performance_id, name, amount, currency, categories, quantity, sale_start,
  coalesce(sale_end, (select p.start_time from performances p where p.id = performance_id)) as sale_end, min_per_order,
  max_per_order, max_per_person, published_at
