-- A payment as code reads it (`Payment` in payment.ts): the one list of its columns.
create view payment_rows with (security_invoker = true) as
select id, booking_id, user_id, organization_id, event_id, provider, provider_ref, client_secret, checkout_ref,
  replaced_ref, amount, currency, description, status, captured, refunded, refund_pending, fee, settlement,
  holder_email, holder_first_name, holder_last_name, return_url, hold_expires_at
from payments;
