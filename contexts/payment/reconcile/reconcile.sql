-- Looked at ever less often, but once more right after the hold's end, when it is time to give the intent up.
-- @name claim_payments
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
returning payments.id, booking_id, user_id, organization_id, event_id, provider, provider_ref, client_secret, checkout_ref,
  replaced_ref, amount,
  currency, description, status, captured, refunded, refund_pending, fee, settlement, holder_email, holder_first_name,
  holder_last_name, return_url, hold_expires_at, body_hash,
  hold_expires_at + :grace::interval <= coalesce(:as_of::timestamptz, now()) as hold_over,
  event_cancelled_at is not null as event_cancelled

-- @name cursor
select read_until from provider_cursors where provider = :provider

-- @name move_cursor
insert into provider_cursors (provider, read_until) values (:provider, :read_until)
on conflict (provider) do update set read_until = greatest(provider_cursors.read_until, excluded.read_until)
