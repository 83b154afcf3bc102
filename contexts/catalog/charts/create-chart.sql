-- @name venue_is_there
select id from venues where id = :venue_id and organization_id = :organization_id

-- @name insert_chart
insert into charts (id, organization_id, venue_id, name, format, seat_count, categories, document, packed, seat_list,
  geometry_gzip, geometry_br, geometry_tag)
values (:id, :organization_id, :venue_id, :name, :format, :seat_count, :categories, :document, :packed, :seat_list,
  :geometry_gzip, :geometry_br, :geometry_tag)
