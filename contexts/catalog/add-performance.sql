-- @name chart_venue
select venue_id from charts where id = :chart_id and organization_id = :organization_id

-- @name performance_count
select count(*)::int as count from performances where event_id = :event_id

-- @name insert_performance
insert into performances (id, organization_id, event_id, venue_id, chart_id, start_time, end_time, doors_time, local_date)
values (:id, :organization_id, :event_id, :venue_id, :chart_id, :start_time, :end_time, :doors_time, :local_date)
returning id, event_id, chart_id, start_time, end_time, doors_time, status
