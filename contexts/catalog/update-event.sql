-- @name venue_is_there
select id from venues where id = :venue_id and organization_id = :organization_id

-- @name things_below
select exists (select from tiers where event_id = :event_id) as has_tiers,
  exists (select from performances where event_id = :event_id and chart_id is not null) as has_charts

-- @name update_event
update events
set title = coalesce(:title, title), description = coalesce(:description, description),
  genre = coalesce(:genre, genre), genre_key = coalesce(:genre_key, genre_key),
  venue_id = coalesce(:venue_id, venue_id), currency = coalesce(:currency, currency),
  refund_policy = coalesce(:refund_policy::jsonb, refund_policy), version = version + 1
where id = :event_id

-- @name performance_starts
select p.id, p.start_time, v.time_zone
from performances p
join events e on e.id = p.event_id
join venues v on v.id = e.venue_id
where p.event_id = :event_id

-- @name set_local_dates
update performances p set local_date = d.local_date
from unnest(:ids::text[], :local_dates::date[]) as d (id, local_date)
where p.id = d.id
