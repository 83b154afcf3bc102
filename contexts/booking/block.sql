-- @name lock_performance
select lock_performance(:performance_id)

-- @name noted_conflicts
-- Seats and quantities in the other noted blocks of a performance: seats named more than once, and the
-- quantity of a tier.
select
  array(
    select distinct s.seat_id from booking.blocks b cross join lateral unnest(b.seat_ids) as s (seat_id)
    where b.performance_id = :performance_id and b.applied_at is null and (b.release_at is null or b.release_at > now())
      and s.seat_id = any (:seat_ids::text[])) as seat_ids,
  coalesce((
    select sum(b.quantity) from booking.blocks b
    where b.performance_id = :performance_id and b.applied_at is null and (b.release_at is null or b.release_at > now())
      and b.tier_id = :tier_id), 0)::int as quantity

-- @name insert_block
insert into booking.blocks (block_id, performance_id, organization_id, event_id, seat_ids, tier_id, quantity, reason, release_at, created_by)
values (:block_id, :performance_id, :organization_id, :event_id, :seat_ids, :tier_id, :quantity, :reason, :release_at, :created_by)

-- @name blocks_to_apply
select b.block_id, b.performance_id, b.seat_ids, b.tier_id, b.quantity, b.release_at, p.performance_no, c.chart,
  q.tier_no
from booking.blocks b
join booking.performances p using (performance_id)
left join booking.charts c using (chart_id)
left join booking.tiers t on t.tier_id = b.tier_id
left join booking.quotas q on q.tier_no = t.tier_no
where b.block_id = any (:block_ids::text[]) and b.applied_at is null
order by array_position(:block_ids::text[], b.block_id)

-- @name lock_seats
select lock_seats(:performance_no, :seats::int[])

-- @name claim_block
select unavailable_seats, unavailable_tier
from claim_block(:block_id, :performance_no, :seats::int[], :tier_no, :quantity, :release_at::timestamptz)

-- @name mark_applied
update booking.blocks set applied_at = now(), refused_at = null, unavailable = '{}' where block_id = :block_id

-- @name mark_refused
update booking.blocks set refused_at = now(), unavailable = :unavailable where block_id = :block_id

-- @name lock_block
select lock_block(:block_id)

-- @name block
select b.block_id, b.performance_id, b.tier_id, b.quantity, b.applied_at, p.performance_no
from booking.blocks b left join booking.performances p using (performance_id)
where b.block_id = :block_id

-- @name free
select free_block(:block_id, :performance_no) as freed

-- @name delete_block
delete from booking.blocks where block_id = :block_id

-- @name due_blocks
select b.block_id from booking.blocks b
where b.release_at <= coalesce(:as_of::timestamptz, now())
order by b.release_at limit :limit
