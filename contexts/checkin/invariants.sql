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
-- Every admission is of a known ticket, at the performance of that ticket.
select a.checkin_id, a.ticket_id, a.performance_id
from checkin.admissions a
left join checkin.tickets t using (ticket_id)
where t.performance_id is distinct from a.performance_id

-- @name nothing_from_the_future
select checkin_id, kind, at, scanned_at from checkin.admissions
where at > now() + interval '5 seconds' or scanned_at > now() + interval '5 seconds'

-- @name counts_equal_tickets
-- The counts at the door equal the tickets.
select performance_id, coalesce(k.admitted, 0) as counted_admitted, coalesce(k.total, 0) as counted, t.admitted, t.total
from (
  select performance_id, count(admitted_at) as admitted, count(*) filter (where revoked_at is null) as total
  from checkin.tickets where performance_id is not null group by performance_id
) t
full join (
  select performance_id, sum(admitted) as admitted, sum(total) as total from (
    select performance_id, admitted, total from checkin.door_counts
    union all
    select performance_id, admitted, total from checkin.door_count_changes) part
  group by performance_id
) k using (performance_id)
where coalesce(k.admitted, 0) <> coalesce(t.admitted, 0) or coalesce(k.total, 0) <> coalesce(t.total, 0)
