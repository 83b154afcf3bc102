-- @name counts
select count(*) filter (where admitted_at is not null)::int as admitted,
  count(*) filter (where revoked_at is null)::int as total
from tickets where performance_id = :performance_id

-- @name recent
select entry, a.checkin_id, a.kind, a.at, a.gate, a.ticket_id, t.seat_label, t.tier_name, t.holder_first_name, t.holder_last_name
from admissions a
join tickets t using (ticket_id)
where a.performance_id = :performance_id
order by entry desc
limit :row_count
