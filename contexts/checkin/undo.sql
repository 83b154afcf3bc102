-- @name admission
select checkin_id, ticket_id, performance_id from admissions where checkin_id = :checkin_id and kind = 'admitted'

-- @name free_ticket
-- Only the ticket's current admission can be undone, and only once: a second call finds another one or none.
update tickets set admitted_at = null, checkin_id = null, gate = null
where ticket_id = :ticket_id and checkin_id = :checkin_id
returning ticket_id

-- @name log_undone
insert into admissions (checkin_id, kind, ticket_id, performance_id, at, staff_user_id)
values (:checkin_id, 'undone', :ticket_id, :performance_id, clock_timestamp(), :staff_user_id)
