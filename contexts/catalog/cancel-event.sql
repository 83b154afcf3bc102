-- @name cancel_performances
update performances set status = 'cancelled' where event_id = :event_id and status <> 'cancelled'

-- @name announced
select id from performances where event_id = :event_id and revision > 0 order by start_time, id

-- @name cancel_event
update events
set status = 'cancelled', cancelled_at = now(), version = version + 1, pending = false,
  cancellation_event_id = :cancellation_event_id
where id = :event_id
