-- The total of a performance also counts tickets that were revoked after their admission: their holders are inside, and
-- "1 of 0" told nobody anything. Undoing such an admission takes the ticket out of both counts.
lock table tickets in share row exclusive mode;

create or replace function count_new_tickets() returns trigger language plpgsql as $$
begin
  insert into checkin.door_count_changes (performance_id, admitted, total)
  select performance_id, count(admitted_at), count(*) filter (where revoked_at is null or admitted_at is not null)
  from new_rows where performance_id is not null
  group by performance_id;
  return null;
end $$;

create or replace function count_changed_tickets() returns trigger language plpgsql as $$
begin
  insert into checkin.door_count_changes (performance_id, admitted, total)
  select performance_id, sum(admitted), sum(total)
  from (
    select performance_id, (admitted_at is not null)::int as admitted,
      (revoked_at is null or admitted_at is not null)::int as total
    from new_rows
    union all
    select performance_id, -(admitted_at is not null)::int, -(revoked_at is null or admitted_at is not null)::int
    from old_rows
  ) change
  where performance_id is not null
  group by performance_id
  having sum(admitted) <> 0 or sum(total) <> 0;
  return null;
end $$;

insert into door_count_changes (performance_id, admitted, total)
select performance_id, 0, count(*)
from tickets where performance_id is not null and revoked_at is not null and admitted_at is not null
group by performance_id;
