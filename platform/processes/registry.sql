-- @name lock
-- Processes join one at a time: two must not both take the last connections.
select pg_advisory_xact_lock(7236470003)

-- @name forget_old
delete from platform.processes where seen_at < now() - interval '1 day'

-- @name budget
-- The number of connections that this role may open in this database, and those of other processes among
-- them.
select
  least(
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - current_setting('reserved_connections')::int,
    (select nullif(datconnlimit, -1) from pg_database where datname = current_database()),
    (select nullif(rolconnlimit, -1) from pg_roles where rolname = session_user)
  ) as allowed,
  (select coalesce(sum(p.connections), 0)::int from platform.processes p
   where p.process_id <> :process_id and p.left_at is null and p.seen_at > now() - interval '15 seconds'
     and exists (
       select from pg_stat_activity a
       where a.pid = p.backend_pid and (a.backend_start = p.backend_start or a.backend_start is null))) as taken

-- @name beat
-- Writes this process's row and reads the others, in one snapshot. Another process counts as long as its
-- session lives, and for a second more: it may be reconnecting. `live` is false for one that was there at
-- some time since this one registered.
with me as (
  insert into platform.processes as p (process_id, host, pid, backend_pid, backend_start, connections)
  values (
    :process_id, :host, :pid, pg_backend_pid(),
    (select a.backend_start from pg_stat_activity a where a.pid = pg_backend_pid()), :connections)
  on conflict (process_id) do update
  set beat = p.beat + 1, seen_at = clock_timestamp(), backend_pid = excluded.backend_pid,
    backend_start = excluded.backend_start
  returning registered_at
), others as (
  select o.process_id, o.beat, o.seen_at,
    o.left_at is null and (
      o.seen_at > clock_timestamp() - interval '1 second'
      or o.seen_at > clock_timestamp() - interval '15 seconds' and exists (
        select from pg_stat_activity a
        where a.pid = o.backend_pid and (a.backend_start = o.backend_start or a.backend_start is null))) as live
  from platform.processes o
  where o.process_id <> :process_id
)
select others.process_id, others.beat, others.live
from others, me
where others.live or others.seen_at >= me.registered_at

-- @name leave
update platform.processes set left_at = now() where process_id = :process_id
