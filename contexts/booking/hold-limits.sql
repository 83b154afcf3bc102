-- @name holds_of_owner
-- The outcomes of the holds that an owner won in the last :memory_s seconds, oldest first. One that was released in the
-- second half of its life counts as abandoned: otherwise releasing and holding again would keep seats for nothing.
select booking_id, expires_at,
  case
    when status = 'held' and expires_at > now() then 'open'
    when status in ('held', 'expired') then 'abandoned'
    when status = 'released' and exists (
      select from booking_log l
      where l.booking_id = b.booking_id and l.to_status = 'released' and l.actor <> 'event-cancelled'
        and l.at > b.held_at + (b.expires_at - b.held_at) / 2
    ) then 'abandoned'
    when status = 'released' then 'released'
    -- What costs nothing proves nothing: it neither counts against its owner nor clears the count.
    when total = 0 then 'released'
    else 'confirmed'
  end as outcome
from bookings b
where owner_id = :owner_id and held_at > now() - make_interval(secs => :memory_s)
order by held_at, booking_id

-- @name outcomes_of
-- The outcomes of these bookings, by the same rule.
select booking_id, expires_at,
  case
    when status = 'held' and expires_at > now() then 'open'
    when status in ('held', 'expired') then 'abandoned'
    when status = 'released' and exists (
      select from booking_log l
      where l.booking_id = b.booking_id and l.to_status = 'released' and l.actor <> 'event-cancelled'
        and l.at > b.held_at + (b.expires_at - b.held_at) / 2
    ) then 'abandoned'
    when status = 'released' then 'released'
    -- What costs nothing proves nothing: it neither counts against its owner nor clears the count.
    when total = 0 then 'released'
    else 'confirmed'
  end as outcome
from bookings b
where booking_id = any (:booking_ids::text[])
order by held_at, booking_id
