-- A refund as code reads it (`Refund` in refunds/apply-refund.ts): the one list of its columns.
create view refund_rows with (security_invoker = true) as
select refunds.id, refunds.payment_id, refunds.amount, refunds.reason, refunds.status, refunds.provider_ref,
  refunds.earlier_refs, refunds.round, payments.booking_id, payments.organization_id, payments.provider, payments.currency,
  payments.provider_ref as intent_ref,
  exists (select from disputes where disputes.payment_id = payments.id and disputes.status = 'open') as in_dispute
from refunds join payments on payments.id = refunds.payment_id;

-- `paid-otherwise` is what booking answers to a second payment; a returned refund that the organizer pays in another way is
-- something else.
alter table refund_cases drop constraint refund_cases_resolution_check;
update refund_cases set resolution = 'refunded-elsewhere' where resolution = 'paid-otherwise';
alter table refund_cases add constraint refund_cases_resolution_check check (resolution in ('retried', 'refunded-elsewhere'));
