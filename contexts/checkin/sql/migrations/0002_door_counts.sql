-- How many tickets of a performance are good and how many are used, so that the counts at the door cost the same for 80,000
-- tickets. Changes are appended in the transaction that makes them and folded into the totals by a job; totals plus changes
-- are exact at any moment.
create table door_counts (
  performance_id text primary key,
  admitted int not null,
  total int not null
);
create table door_count_changes (
  id bigint generated always as identity primary key,
  performance_id text not null,
  admitted int not null,
  total int not null
);

create function count_new_tickets() returns trigger language plpgsql as $$
begin
  insert into checkin.door_count_changes (performance_id, admitted, total)
  select performance_id, count(admitted_at), count(*) filter (where revoked_at is null)
  from new_rows where performance_id is not null
  group by performance_id;
  return null;
end $$;
create trigger count_new_tickets after insert on tickets
  referencing new table as new_rows for each statement execute function count_new_tickets();

create function count_changed_tickets() returns trigger language plpgsql as $$
begin
  insert into checkin.door_count_changes (performance_id, admitted, total)
  select performance_id, sum(admitted), sum(total)
  from (
    select performance_id, (admitted_at is not null)::int as admitted, (revoked_at is null)::int as total from new_rows
    union all
    select performance_id, -(admitted_at is not null)::int, -(revoked_at is null)::int from old_rows
  ) change
  where performance_id is not null
  group by performance_id
  having sum(admitted) <> 0 or sum(total) <> 0;
  return null;
end $$;
create trigger count_changed_tickets after update on tickets
  referencing old table as old_rows new table as new_rows for each statement execute function count_changed_tickets();

insert into door_counts (performance_id, admitted, total)
select performance_id, count(admitted_at), count(*) filter (where revoked_at is null)
from tickets where performance_id is not null group by performance_id;
