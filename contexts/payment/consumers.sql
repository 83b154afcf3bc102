-- The unpaid payments of a cancelled event, due to be closed at their providers. `next_check_at` is set for all of them, and
-- its index holds no others.
-- @name withdraw
update payments set event_cancelled_at = now(), next_check_at = now(), checks = 0
from (
  select id from payments
  where event_id = :event_id and event_cancelled_at is null and next_check_at is not null
    and is_unpaid(status)
  order by id for update
) unpaid
where payments.id = unpaid.id
