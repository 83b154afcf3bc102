-- @name event_of_performance
select event_id from performances where id = :performance_id and revision > 0

-- @name versions
select id, version from events where id = any (:event_ids::text[])
