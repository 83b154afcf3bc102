-- @name tier
select t.id, t.performance_id, t.name, t.amount, t.currency, t.categories, t.quantity, t.sale_start, t.sale_end,
  t.min_per_order, t.max_per_order, t.max_per_person, t.published_at,
  p.start_time, c.categories as chart_categories, now() as now
from tiers t
join performances p on p.id = t.performance_id
left join charts c on c.id = p.chart_id
where t.id = :tier_id and t.event_id = :event_id

-- @name update_tier
update tiers
set name = :name, amount = :amount, currency = :currency, categories = :categories, quantity = :quantity,
  sale_start = :sale_start, sale_end = :sale_end, min_per_order = :min_per_order, max_per_order = :max_per_order,
  max_per_person = :max_per_person
where id = :tier_id
returning id, performance_id, name, amount, currency, categories, quantity, sale_start,
  coalesce(sale_end, (select p.start_time from performances p where p.id = performance_id)) as sale_end, min_per_order,
  max_per_order, max_per_person, published_at
