-- @name venue_is_there
select id from venues where id = :venue_id and organization_id = :organization_id

-- @name insert_event
insert into events (id, organization_id, organizer_name, venue_id, title, description, genre, genre_key, currency,
  refund_policy)
values (:id, :organization_id, :organizer_name, :venue_id, :title, :description, :genre, :genre_key, :currency,
  :refund_policy)
