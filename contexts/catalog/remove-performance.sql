-- @name performance
select revision from performances where id = :performance_id and event_id = :event_id

-- @name delete_performance
delete from performances where id = :performance_id
