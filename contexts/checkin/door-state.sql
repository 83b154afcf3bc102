-- @name counts
select coalesce(sum(admitted), 0)::int as admitted, coalesce(sum(total), 0)::int as total
from (
  select admitted, total from door_counts where performance_id = :performance_id
  union all
  select admitted, total from door_count_changes where performance_id = :performance_id
) part

-- @name fold_changes
with folded as (
  delete from door_count_changes
  where id in (select id from door_count_changes order by id limit :limit for update skip locked)
  returning performance_id, admitted, total
), counted as (
  insert into door_counts as c (performance_id, admitted, total)
  select performance_id, sum(admitted), sum(total) from folded group by performance_id order by performance_id
  on conflict (performance_id) do update set admitted = c.admitted + excluded.admitted, total = c.total + excluded.total
)
select count(*)::int as folded from folded

-- @name recent
select entry, a.checkin_id, a.kind, a.at, a.gate, a.ticket_id, t.seat_label, t.tier_name, t.holder_first_name, t.holder_last_name
from admissions a
join tickets t using (ticket_id)
where a.performance_id = :performance_id
order by entry desc
limit :row_count
