-- Each statement reads the keys from :from to :to; the blocks of keys say what there is to go through
-- (platform/invariants). The log is read by performance, as its index is: an admission at another performance than that
-- of its ticket is a violation of its own (`admissions_where_they_belong`).

-- @name admission_keys
select performance_id as key from checkin.admissions

-- @name state_keys
-- Ids of performances and of tickets, for the two parts of `state_follows_log`.
select performance_id as key from checkin.admissions
union all
select ticket_id from checkin.tickets

-- @name count_keys
select performance_id as key from checkin.door_counts
union all
(select performance_id from checkin.tickets where performance_id is not null order by performance_id)
union all
select performance_id from checkin.door_count_changes

-- @name one_admission_a_ticket
-- The log of a ticket alternates: admitted, undone, admitted …
select ticket_id, entry from (
  select ticket_id, entry, kind, lag(kind) over (partition by performance_id, ticket_id order by entry) as before
  from checkin.admissions where performance_id between :from and :to
) as steps
where kind is not distinct from before or (before is null and kind = 'undone')

-- @name state_follows_log
-- A ticket counts as used exactly while the last entry of its log is an admission, and by that admission: so says the log
-- of each ticket that has one, and a ticket that counts as used has one.
select t.ticket_id, t.checkin_id, last.checkin_id as last_checkin_id
from (
  select distinct on (performance_id, ticket_id) ticket_id, checkin_id, kind
  from checkin.admissions where performance_id between :from and :to
  order by performance_id, ticket_id, entry desc
) as last
join checkin.tickets t using (ticket_id)
where t.checkin_id is distinct from case when last.kind = 'admitted' then last.checkin_id end
union all
select t.ticket_id, t.checkin_id, null
from checkin.tickets t
left join checkin.admissions a
  on a.checkin_id = t.checkin_id and a.kind = 'admitted' and a.ticket_id = t.ticket_id
where t.ticket_id between :from and :to and t.checkin_id is not null and a.checkin_id is null

-- @name no_admission_after_revocation
select a.checkin_id, a.ticket_id, a.at, t.revoked_at
from checkin.admissions a
join checkin.tickets t using (ticket_id)
where a.performance_id between :from and :to and a.kind = 'admitted' and a.at > t.revoked_at

-- @name admissions_where_they_belong
-- Every admission is of a known ticket, at the performance of that ticket.
select a.checkin_id, a.ticket_id, a.performance_id
from checkin.admissions a
left join checkin.tickets t using (ticket_id)
where a.performance_id between :from and :to and t.performance_id is distinct from a.performance_id

-- @name nothing_from_the_future
select checkin_id, kind, at, scanned_at from checkin.admissions
where performance_id between :from and :to
  and (at > now() + interval '5 seconds' or scanned_at > now() + interval '5 seconds')

-- @name counts_equal_tickets
-- The counts at the door equal the tickets; what is shown is by how much they do not. Both sides are added with opposite
-- signs: nothing is lost when one has no row.
select performance_id, sum(admitted) as admitted, sum(total) as total
from (
  select performance_id, admitted, total from checkin.door_counts where performance_id between :from and :to
  union all
  select performance_id, admitted, total from checkin.door_count_changes where performance_id between :from and :to
  union all
  select performance_id, -count(admitted_at), -count(*) filter (where revoked_at is null or admitted_at is not null)
  from checkin.tickets where performance_id is not null and performance_id between :from and :to group by performance_id
) part
group by performance_id having sum(admitted) <> 0 or sum(total) <> 0
