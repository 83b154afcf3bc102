-- @name block_owner
select organization_id, event_id from booking.blocks where block_id = :block_id

-- @name blocks
select b.block_id as id, b.performance_id, b.seat_ids, b.tier_id, b.quantity, b.reason, b.release_at, b.unavailable,
  case when b.applied_at is not null then 'active' when b.refused_at is not null then 'refused' else 'noted' end as state,
  b.created_at::text as created_at
from booking.blocks b
where b.performance_id = :performance_id
  and (b.created_at, b.block_id collate "C") > (:after_time::timestamptz, :after_id::text collate "C")
order by b.created_at, b.block_id collate "C" limit :limit
