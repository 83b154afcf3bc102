-- @name expire_batch
select booking_id, performance_no, freed from expire_batch(coalesce(:as_of::timestamptz, now()), :limit)
