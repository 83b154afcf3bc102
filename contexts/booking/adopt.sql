-- @name begin
-- Serializes concurrent calls for one guest.
insert into booking.adoptions (guest_id, user_id, booking_ids, event_ids) values (:guest_id, :user_id, '{}', '{}')
on conflict (guest_id) do update set
  user_id = excluded.user_id,
  booking_ids = case when adoptions.user_id = excluded.user_id then adoptions.booking_ids else '{}' end,
  event_ids = case when adoptions.user_id = excluded.user_id then adoptions.event_ids else '{}' end

-- @name remember
update booking.adoptions set booking_ids = booking_ids || :booking_ids::text[], event_ids = event_ids || :event_ids::text[]
where guest_id = :guest_id
returning booking_ids, event_ids

-- @name lock_person
-- The lock of the limit per person, as a hold takes it, in the order of performances. A statement of its own,
-- so that the one below sees the transactions that this one waited for.
select pg_advisory_xact_lock(hashtext(:user_id), p.performance_no)
from (select distinct performance_no from booking.bookings where owner_id = :guest_id order by performance_no) p

-- @name move
-- The row lock decides between this and a confirmation: whichever is later sees the other. A key that the account has
-- used itself gets the booking's id added, since both stay valid for their own bodies: after a line break, which no
-- client can send in a key, so that nobody can have used the result before.
with moving as (
  select b.booking_id, b.performance_no from booking.bookings b where b.owner_id = :guest_id order by b.booking_id for update
), over_limit as (
  select s.performance_no
  from (
    select b.performance_no, l.tier, sum(l.quantity) as has
    from booking.bookings b
    cross join lateral unnest(b.line_tiers, b.line_quantities) as l (tier, quantity)
    where b.owner_id in (:guest_id, :user_id) and b.performance_no in (select performance_no from moving)
      and (b.status = 'confirmed' or (b.status = 'held' and b.expires_at > now()))
    group by b.performance_no, l.tier
  ) s
  join booking.tiers t on t.tier_no = s.tier
  where s.has > t.max_per_person
), moved as (
  update booking.bookings b set
    owner_id = :user_id,
    idempotency_key = case
      when exists (
        select from booking.bookings k where k.owner_id = :user_id and k.idempotency_key = b.idempotency_key
      ) then b.idempotency_key || chr(10) || b.booking_id
      else b.idempotency_key
    end
  from moving m
  where b.booking_id = m.booking_id and m.performance_no not in (select performance_no from over_limit)
  returning b.booking_id, b.idempotency_key
)
select m.booking_id, p.performance_id, moved.idempotency_key
from moving m
join booking.performances p using (performance_no)
left join moved using (booking_id)
order by m.performance_no, m.booking_id

-- @name is_adopted
-- A booking made by the guest session during or after the sign-in to this account.
select exists (
  select from booking.adoptions where guest_id = :guest_id and user_id = :user_id
) as adopted
