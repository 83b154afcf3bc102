-- @name lock_organization
-- Creations of one organization are serial, so that each counts those before it.
select pg_advisory_xact_lock(hashtextextended('catalog organization-limits ' || :organization_id, 0))

-- @name count_venues
select count(*)::int as count, 0::float8 as bytes from venues where organization_id = :organization_id

-- @name count_events
select count(*)::int as count, 0::float8 as bytes from events where organization_id = :organization_id

-- @name count_charts
-- The lengths stand in the rows; nothing is read from where the bytes are.
select count(*)::int as count,
  coalesce(sum(octet_length(document) + octet_length(packed) + octet_length(seat_list) + octet_length(geometry_gzip)
    + octet_length(geometry_br)), 0)::float8 as bytes
from charts where organization_id = :organization_id
