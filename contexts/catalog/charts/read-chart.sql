-- @name chart
select id, venue_id, name, format, seat_count, categories, created_at, seat_list, document
from charts where id = :chart_id

-- @name charts_of_venue
select id, venue_id, name, format, seat_count, categories, created_at
from charts
where venue_id = :venue_id and (:before::text is null or id < :before)
order by id desc
limit :limit

-- @name packed_chart
select packed from charts where id = :chart_id

-- @name geometry
select geometry_gzip, geometry_br, geometry_tag from charts where id = :chart_id

-- @name published_geometry
select geometry_gzip, geometry_br, geometry_tag
from charts c
where id = :chart_id and exists (select from performances p where p.chart_id = c.id and p.revision > 0)
