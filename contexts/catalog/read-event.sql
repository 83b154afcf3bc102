-- @name event
select e.id, e.organization_id, e.organizer_name, e.title, e.description, e.genre, e.currency, e.refund_policy,
  e.version, e.pending, e.published_at, e.cancelled_at, e.created_at,
  case
    when e.status = 'published' and not exists (
      select from performances p where p.event_id = e.id and p.status = 'published' and p.end_time > now()
    ) then 'completed'
    else e.status
  end as status,
  v.id as venue_id, v.name as venue_name, v.address, v.city, v.country, v.latitude, v.longitude, v.time_zone,
  v.created_at as venue_created_at
from events e
join venues v on v.id = e.venue_id
where e.id = :event_id and (:drafts::bool or e.published_at is not null)

-- @name performances
select id, event_id, chart_id, start_time, end_time, doors_time, status
from performances
where event_id = :event_id
  and (:performance_id::text is null or id = :performance_id)
  and (:drafts::bool or revision > 0)
order by start_time, id

-- @name tiers
select t.id, t.performance_id, t.name, t.amount, t.currency, t.categories, t.quantity, t.sale_start,
  coalesce(t.sale_end, p.start_time) as sale_end, t.min_per_order, t.max_per_order, t.max_per_person, t.published_at
from tiers t
join performances p on p.id = t.performance_id
where t.event_id = :event_id
  and (:performance_id::text is null or t.performance_id = :performance_id)
  and (:drafts::bool or t.published_at is not null)
order by t.performance_id, t.position
