-- @name ensure_state
insert into realtime.seat_states (performance_id) values (:performance_id) on conflict do nothing

-- @name lock_state
select version, seats, tier_ids, places from realtime.seat_states where performance_id = :performance_id for update

-- @name save_state
update realtime.seat_states set version = :version, seats = :seats, tier_ids = :tier_ids, places = :places
where performance_id = :performance_id

-- @name append_changes
insert into realtime.seat_changes (performance_id, version, changes, at)
select :performance_id, :version + c.i, c.changes::json, c.at
from unnest(:changes::text[], :ats::timestamptz[]) with ordinality as c (changes, at, i)

-- @name learn
insert into realtime.performances (performance_id, event_id, revision, chart_id, currency, tiers, status)
values (:performance_id, :event_id, :revision, :chart_id, :currency, :tiers,
  case when exists (select from realtime.cancelled_performances c where c.performance_id = :performance_id)
    then 'cancelled' else 'published' end)
on conflict (performance_id) do update
set revision = excluded.revision, tiers = excluded.tiers
where performances.revision < excluded.revision

-- @name cancel
with cancelled as (
  insert into realtime.cancelled_performances (performance_id)
  select id from unnest(:performance_ids::text[]) as given (id) order by id
  on conflict (performance_id) do nothing
)
update realtime.performances set status = 'cancelled' where performance_id = any (:performance_ids)

-- @name forget_states
with changes as (delete from realtime.seat_changes)
delete from realtime.seat_states

-- @name forget_performances
with cancelled as (delete from realtime.cancelled_performances)
delete from realtime.performances

-- @name trim
-- A version is stored only with all versions before it: resuming readers get either every change or a reset.
delete from realtime.seat_changes c
using (
  select performance_id, max(version) as version from realtime.seat_changes
  where at < coalesce(:as_of::timestamptz, now()) - make_interval(mins => :kept_minutes)
  group by performance_id
) old
where c.performance_id = old.performance_id and c.version <= old.version
