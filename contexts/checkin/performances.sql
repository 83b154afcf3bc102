-- @name performance
select event_id, organization_id from performances where performance_id = :performance_id
