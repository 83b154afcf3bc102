-- @name venue
select id, organization_id, name, address, city, country, latitude, longitude, time_zone, created_at
from venues where id = :id

-- @name venues_of
select id, organization_id, name, address, city, country, latitude, longitude, time_zone, created_at
from venues
where (:organization_ids::text[] is null or organization_id = any (:organization_ids::text[]))
  and (:before::text is null or id < :before)
order by id desc
limit :limit
