-- @name performance
select performance_id, event_id, revision, chart_id, currency, status, tiers
from realtime.performances where performance_id = :performance_id

-- @name of_event
select performance_id from realtime.performances where event_id = :event_id order by performance_id

-- @name of_events
select event_id, array_agg(performance_id order by performance_id) as performance_ids
from realtime.performances where event_id = any(:event_ids::text[])
group by event_id

-- @name state
-- With the changes of each version after `after`, one snapshot of both; no row when there is no newer
-- version.
select s.version, s.seats, s.tier_ids, s.places,
  coalesce((
    select json_agg(json_build_array(c.version, c.changes) order by c.version) from realtime.seat_changes c
    where c.performance_id = s.performance_id and c.version > greatest(:after, s.version - :changes_max::int)
  ), '[]') as changes
from realtime.seat_states s
where s.performance_id = :performance_id and s.version > :after::bigint

-- @name versions
select performance_id, version from realtime.seat_states where performance_id = any (:performance_ids)
