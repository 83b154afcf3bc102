-- @name clock
-- Read after the event's lock, and once: it decides what has ended, and is the time of the cancellation.
select clock_timestamp() as cancelled_at

-- @name is_over
select coalesce(bool_and(p.end_time <= :cancelled_at), false) as is_over from performances p where p.event_id = :event_id

-- @name cancel_performances
update performances set status = 'cancelled'
where event_id = :event_id and (status = 'draft' or end_time > :cancelled_at)

-- @name cancelled
select id from performances where event_id = :event_id and revision > 0 and status = 'cancelled' order by start_time, id

-- @name cancel_event
update events
set status = 'cancelled', cancelled_at = :cancelled_at, version = version + 1, pending = false,
  cancellation_event_id = :cancellation_event_id
where id = :event_id
