-- @name recent_announcements
select announcement_event_id as event_id from performances
where event_id = :event_id and status = 'published' and announced_at > now() - interval '1 hour'

-- @name recent_cancellation
select cancellation_event_id as event_id from events
where id = :event_id and cancellation_event_id is not null and cancelled_at > now() - interval '1 hour'
