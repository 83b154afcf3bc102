-- @name performance
select status, chart_id, end_time, clock_timestamp() as now from performances where id = :performance_id and event_id = :event_id

-- @name chart_of_venue
select categories from charts where id = :chart_id and organization_id = :organization_id and venue_id = :venue_id

-- @name sold_categories
select distinct unnest(categories) as name from tiers where performance_id = :performance_id

-- @name update_performance
update performances
set chart_id = :chart_id, start_time = :start_time, end_time = :end_time, doors_time = :doors_time,
  local_date = :local_date
where id = :performance_id
