-- @name learn_performance
-- A later revision replaces an earlier one; one that arrives afterwards changes nothing.
insert into performances (performance_id, revision, event_id, organization_id, chart_id, title, genre, start_time, end_time,
  doors_time, venue_id, venue_name, venue_address, venue_city, venue_country, time_zone, changed_at)
values (:performance_id, :revision, :event_id, :organization_id, :chart_id, :title, :genre, :start_time, :end_time,
  :doors_time, :venue_id, :venue_name, :venue_address, :venue_city, :venue_country, :time_zone, :changed_at)
on conflict (performance_id) do update set
  revision = excluded.revision, event_id = excluded.event_id, organization_id = excluded.organization_id,
  chart_id = excluded.chart_id, title = excluded.title, genre = excluded.genre, start_time = excluded.start_time,
  end_time = excluded.end_time, doors_time = excluded.doors_time, venue_id = excluded.venue_id,
  venue_name = excluded.venue_name, venue_address = excluded.venue_address, venue_city = excluded.venue_city,
  venue_country = excluded.venue_country, time_zone = excluded.time_zone, changed_at = excluded.changed_at
where performances.revision < excluded.revision

-- @name forget_performances
delete from ticketing.performances
