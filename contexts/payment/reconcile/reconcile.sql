-- Looked at ever less often, but once more right after the hold's end, when it is time to give the intent up.
-- @name claim_payments
with claimed as (
  update payments
  set checks = checks + 1,
    next_check_at = least(
      coalesce(:as_of::timestamptz, now()) + make_interval(secs => least(600, 15 * power(2, least(checks, 6)))),
      case when hold_expires_at + :grace::interval > coalesce(:as_of::timestamptz, now()) then hold_expires_at + :grace::interval end)
  from (
    select id from payments
    where next_check_at <= coalesce(:as_of::timestamptz, now())
    order by next_check_at
    limit :batch_size
    for update skip locked
  ) due
  where payments.id = due.id
  returning payments.id, hold_expires_at + :grace::interval <= coalesce(:as_of::timestamptz, now()) as hold_over,
    event_cancelled_at is not null as event_cancelled
)
select due.*, hold_over, event_cancelled
from claimed cross join lateral (select * from payment_rows where payment_rows.id = claimed.id offset 0) due

-- @name cursor
select read_until from provider_cursors where provider = :provider

-- @name move_cursor
insert into provider_cursors (provider, read_until) values (:provider, :read_until)
on conflict (provider) do update set read_until = greatest(provider_cursors.read_until, excluded.read_until)
