-- The last page that was closed because the intent it stood in for was faster: the next page must be another one.
alter table payments add column closed_checkout_ref text;
create or replace view payment_rows with (security_invoker = true) as
select id, booking_id, user_id, organization_id, event_id, provider, provider_ref, client_secret, checkout_ref,
  replaced_ref, amount, currency, description, status, captured, refunded, refund_pending, fee, settlement,
  holder_email, holder_first_name, holder_last_name, return_url, hold_expires_at, closed_checkout_ref
from payments;
