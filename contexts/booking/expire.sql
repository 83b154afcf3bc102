-- @name expire_batch
select booking_id, performance_no, freed from expire_batch(:as_of::timestamptz, :limit)
