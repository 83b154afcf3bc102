-- @name one_admission_a_ticket
-- The log of a ticket alternates: admitted, undone, admitted …
select ticket_id, entry from (
  select ticket_id, entry, kind, lag(kind) over (partition by ticket_id order by entry) as before from checkin.admissions
) as steps
where kind is not distinct from before or (before is null and kind = 'undone')

-- @name state_follows_log
-- A ticket counts as used exactly while the last entry of its log is an admission, and by that admission.
select t.ticket_id, t.checkin_id, last.checkin_id as last_checkin_id
from checkin.tickets t
left join (
  select distinct on (ticket_id) ticket_id, checkin_id, kind from checkin.admissions order by ticket_id, entry desc
) as last using (ticket_id)
where t.checkin_id is distinct from case when last.kind = 'admitted' then last.checkin_id end

-- @name no_admission_after_revocation
select a.checkin_id, a.ticket_id, a.at, t.revoked_at
from checkin.admissions a
join checkin.tickets t using (ticket_id)
where a.kind = 'admitted' and a.at > t.revoked_at

-- @name admissions_where_they_belong
-- An admission is of a ticket that the door knows, at the performance that the ticket is for.
select a.checkin_id, a.ticket_id, a.performance_id
from checkin.admissions a
left join checkin.tickets t using (ticket_id)
where t.performance_id is distinct from a.performance_id

-- @name nothing_from_the_future
select checkin_id, kind, at, scanned_at from checkin.admissions
where at > now() + interval '5 seconds' or scanned_at > now() + interval '5 seconds'
