-- @name by_short_code
-- Two tickets of a performance share a short code once in many thousand large venues: then it finds neither.
select code_id, performance_id from tickets
where code_id between :from::uuid and :to::uuid and organization_id = :organization_id
limit 10

-- @name admitted_by
select a.staff_user_id from tickets t join admissions a on a.checkin_id = t.checkin_id and a.kind = 'admitted'
where t.ticket_id = :ticket_id
