-- @name announced_performances
select p.id, p.event_id, p.organization_id, p.chart_id, p.start_time, p.end_time, p.doors_time, p.revision + 1 as revision,
  e.title, e.genre, e.currency, e.refund_policy, v.id as venue_id, v.name, v.address, v.city, v.country, v.time_zone
from performances p
join events e on e.id = p.event_id
join venues v on v.id = e.venue_id
where p.id = any (:performance_ids::text[])
order by p.start_time, p.id

-- @name published_tiers
select t.id as tier_id, t.performance_id, t.name, t.amount, t.currency, t.categories, t.quantity, t.sale_start,
  coalesce(t.sale_end, p.start_time) as sale_end, t.min_per_order, t.max_per_order, t.max_per_person
from tiers t
join performances p on p.id = t.performance_id
where t.performance_id = any (:performance_ids::text[]) and t.published_at is not null
order by t.performance_id, t.position

-- @name mark_announced
update performances p
set status = 'published', revision = p.revision + 1, announced_at = now(), announcement_event_id = a.event_id
from unnest(:performance_ids::text[], :event_ids::uuid[]) as a (performance_id, event_id)
where p.id = a.performance_id

-- @name published_performances
select id from performances where event_id = :event_id and status = 'published' and end_time > now() order by start_time, id
