-- @name place_of_event
select organization_id, id as event_id from events where id = :id

-- @name place_of_performance
select organization_id, event_id from performances where id = :id

-- @name place_of_tier
select organization_id, event_id from tiers where id = :id

-- @name place_of_venue
select organization_id, null as event_id from venues where id = :id

-- @name place_of_chart
select organization_id, null as event_id from charts where id = :id
