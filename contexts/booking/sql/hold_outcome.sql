-- The outcome of a hold for the limits of its owner. One that was released in the second half of its life counts as
-- abandoned: otherwise releasing and holding again would keep seats for nothing.
create or replace function hold_outcome(b bookings) returns text
language sql stable as $$
  select case
    when b.status = 'held' and b.expires_at > now() then 'open'
    when b.status in ('held', 'expired') then 'abandoned'
    when b.status = 'released' and exists (
      select from booking_log l
      where l.booking_id = b.booking_id and l.to_status = 'released' and l.actor <> 'event-cancelled'
        and l.at > b.held_at + (b.expires_at - b.held_at) / 2
    ) then 'abandoned'
    when b.status = 'released' then 'released'
    -- Bought and cancelled: as good as never held, unless the organizer cancelled it with the event.
    when b.status = 'cancelled' and not exists (
      select from cancellations c where c.booking_id = b.booking_id and c.reason = 'event-cancelled'
    ) then 'released'
    when b.total = 0 then 'free'
    else 'confirmed'
  end
$$;
