-- @name insert_block
insert into booking.blocks (block_id, performance_id, organization_id, event_id, seat_ids, tier_id, quantity, reason, release_at, created_by)
values (:block_id, :performance_id, :organization_id, :event_id, :seat_ids, :tier_id, :quantity, :reason, :release_at, :created_by)

-- @name block_to_apply
select b.block_id, b.performance_id, b.seat_ids, b.tier_id, b.quantity, b.release_at, p.performance_no, c.chart
from booking.blocks b
join booking.performances p using (performance_id)
left join booking.charts c using (chart_id)
where b.block_id = :block_id and b.applied_at is null

-- @name claim_seats
insert into booking.seat_claims as c (performance_no, seat, holder_id, expires_at)
select :performance_no, s.seat, :block_id, coalesce(:release_at::timestamptz, 'infinity')
from unnest(:seats::int[]) as s (seat) order by s.seat
on conflict (performance_no, seat) do update set holder_id = excluded.holder_id, expires_at = excluded.expires_at
where c.expires_at <= now()
returning c.seat

-- @name lock_places
select tier_no from booking.place_counts
where tier_no = (select tier_no from booking.tiers where tier_id = :tier_id) for update

-- @name reap
select reap_places(:tier_no, now()) as reaped

-- @name count_blocked
update booking.place_counts c set blocked = c.blocked + :quantity
where c.tier_no = :tier_no and c.held + c.sold + c.blocked + :quantity <= c.total

-- @name hold_places
insert into booking.place_holds (holder_id, tier_no, quantity, expires_at)
values (:block_id, :tier_no, :quantity, coalesce(:release_at::timestamptz, 'infinity'))

-- @name mark_applied
update booking.blocks set applied_at = now() where block_id = :block_id

-- @name block
select block_id, performance_id, organization_id, event_id, seat_ids, tier_id, quantity, applied_at
from booking.blocks where block_id = :block_id

-- @name performance
select performance_no, chart_id from booking.performances where performance_id = :performance_id

-- @name chart
select chart from booking.charts where chart_id = :chart_id

-- @name free
select free_claims(:block_id, :performance_no, :seats::int[], '{}', '{}') as freed

-- @name delete_block
delete from booking.blocks where block_id = :block_id

-- @name due_blocks
select b.block_id from booking.blocks b
where b.applied_at is not null and b.release_at <= coalesce(:as_of::timestamptz, now())
order by b.release_at limit :limit for update skip locked
