-- @name candidates
select p.id, p.status, p.start_time, p.end_time, c.categories as chart_categories
from performances p
left join charts c on c.id = p.chart_id
where p.event_id = :event_id
order by p.start_time, p.id

-- @name candidate_tiers
select performance_id, name, amount, currency, categories, quantity, sale_start, sale_end, min_per_order, max_per_order,
  max_per_person, published_at is not null as published
from tiers
where event_id = :event_id
order by performance_id, position

-- @name clock
select now() as now

-- @name publish_tiers
update tiers set published_at = now()
where performance_id = any (:performance_ids::text[]) and published_at is null

-- @name publish_event
update events
set status = 'published', published_at = coalesce(published_at, now()), version = version + 1, pending = false
where id = :event_id
