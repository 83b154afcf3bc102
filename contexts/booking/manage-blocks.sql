-- @name block_owner
select organization_id, event_id from booking.blocks where block_id = :block_id
