-- @name lock_event
select e.id, e.organization_id, e.venue_id, e.currency, e.status, e.version, e.published_at, e.cancellation_event_id,
  v.time_zone
from events e
join venues v on v.id = e.venue_id
where e.id = :event_id and e.organization_id = :organization_id
for no key update of e

-- @name touch_event
update events set version = version + 1, pending = pending or :pending where id = :event_id
