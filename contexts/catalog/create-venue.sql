-- @name insert_venue
insert into venues (id, organization_id, name, address, city, city_key, country, latitude, longitude, time_zone)
values (:id, :organization_id, :name, :address, :city, :city_key, :country, :latitude, :longitude, :time_zone)
returning id, organization_id, name, address, city, country, latitude, longitude, time_zone, created_at
