-- @name ensure_state
insert into realtime.seat_states (performance_id) values (:performance_id) on conflict do nothing

-- @name lock_state
select version, seats, tier_ids, places from realtime.seat_states where performance_id = :performance_id for update

-- @name save_state
update realtime.seat_states set version = :version, seats = :seats, tier_ids = :tier_ids, places = :places
where performance_id = :performance_id

-- @name append_change
insert into realtime.seat_changes (performance_id, version, changes) values (:performance_id, :version, :changes)

-- @name learn
insert into realtime.performances (performance_id, event_id, revision, chart_id, currency, tiers)
values (:performance_id, :event_id, :revision, :chart_id, :currency, :tiers)
on conflict (performance_id) do update
set revision = excluded.revision, tiers = excluded.tiers
where performances.revision < excluded.revision

-- @name cancel
update realtime.performances set status = 'cancelled' where performance_id = any (:performance_ids)

-- @name trim
delete from realtime.seat_changes where at < coalesce(:as_of::timestamptz, now()) - make_interval(mins => :kept_minutes)
