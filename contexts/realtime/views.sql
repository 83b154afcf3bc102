-- @name performance
select performance_id, event_id, chart_id, currency, status, tiers from realtime.performances where performance_id = :performance_id

-- @name of_event
select performance_id from realtime.performances where event_id = :event_id order by performance_id

-- @name state
select version, seats, tier_ids, places from realtime.seat_states where performance_id = :performance_id

-- @name versions
select performance_id, version from realtime.seat_states where performance_id = any (:performance_ids)

-- @name changes_since
select version, changes from realtime.seat_changes
where performance_id = :performance_id and version > :version
order by version
