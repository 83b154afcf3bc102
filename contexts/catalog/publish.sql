-- @name candidates
select p.id, p.status, p.start_time, p.end_time, c.categories as chart_categories
from performances p
left join charts c on c.id = p.chart_id
where p.event_id = :event_id
order by p.start_time, p.id

-- @name candidate_tiers
select t.performance_id, t.name, t.amount, t.currency, t.categories, t.quantity, t.sale_start,
  coalesce(t.sale_end, p.start_time) as sale_end, t.min_per_order, t.max_per_order, t.max_per_person,
  t.published_at is not null as published
from tiers t
join performances p on p.id = t.performance_id
where t.event_id = :event_id
order by t.performance_id, t.position

-- @name clock
select now() as now

-- @name publish_tiers
update tiers set published_at = now()
where performance_id = any (:performance_ids::text[]) and published_at is null

-- @name publish_event
update events
set status = 'published', published_at = coalesce(published_at, now()), version = version + 1, pending = false
where id = :event_id
