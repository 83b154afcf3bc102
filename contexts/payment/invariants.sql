-- @name i9_ledger_balances
select journals.id, coalesce(sum(entries.amount), 0) as difference, 'unbalanced or empty' as what
from payment.ledger_journals journals
left join payment.ledger_entries entries on entries.journal_id = journals.id
group by journals.id
having coalesce(sum(entries.amount), 0) <> 0 or count(entries.account) = 0
union all
select entries.journal_id, entries.amount, 'written after its journal'
from payment.ledger_entries entries
join payment.ledger_journals journals on journals.id = entries.journal_id
where entries.xid <> journals.xid

-- What the provider holds and kept, by the ledger, against what the payments themselves say.
-- @name i10_money_equals_ledger
with by_ledger as (
  select journals.organization_id, journals.provider, journals.currency, sum(entries.amount) as amount
  from payment.ledger_entries entries
  join payment.ledger_journals journals on journals.id = entries.journal_id
  where entries.account in ('provider_cash', 'provider_fees')
  group by 1, 2, 3
), by_payments as (
  select payments.organization_id, payments.provider, payments.currency,
    sum(payments.captured - payments.refunded - coalesce(taken.amount, 0)) as amount
  from payment.payments
  left join (
    select payment_id, sum(amount) as amount from payment.disputes where status <> 'won' group by payment_id
  ) taken on taken.payment_id = payments.id
  where payments.captured > 0
  group by 1, 2, 3
)
select organization_id, provider, currency, by_ledger.amount as ledger, by_payments.amount as payments
from by_ledger full join by_payments using (organization_id, provider, currency)
where coalesce(by_ledger.amount, 0) <> coalesce(by_payments.amount, 0)

-- @name i10_fees_equal_ledger
with by_ledger as (
  select journals.payment_id, sum(entries.amount) as amount
  from payment.ledger_entries entries
  join payment.ledger_journals journals on journals.id = entries.journal_id
  where entries.account = 'provider_fees'
  group by 1
), by_payments as (
  select payments.id as payment_id, coalesce(payments.fee, 0) + coalesce(sum(disputes.fee), 0) as amount
  from payment.payments left join payment.disputes on disputes.payment_id = payments.id
  where payments.captured > 0
  group by payments.id, payments.fee
)
select payment_id, by_ledger.amount as ledger, by_payments.amount as payments
from by_ledger full join by_payments using (payment_id)
where coalesce(by_ledger.amount, 0) <> coalesce(by_payments.amount, 0)

-- @name i11_refunds_within_captures
select payments.id, payments.captured, payments.refunded, payments.refund_pending
from payment.payments
left join (
  select payment_id,
    coalesce(sum(amount) filter (where status = 'succeeded'), 0) as succeeded,
    coalesce(sum(amount) filter (where status = 'pending'), 0) as pending
  from payment.refunds group by payment_id
) asked on asked.payment_id = payments.id
where payments.refunded + payments.refund_pending > payments.captured
  or payments.refunded <> coalesce(asked.succeeded, 0)
  or payments.refund_pending <> coalesce(asked.pending, 0)

-- @name i11_one_refund_a_cause
select payment_id, cause, count(*) from payment.refunds group by payment_id, cause having count(*) > 1

-- @name i17_one_effect_an_event
select provider, event_id as what, count(*) from payment.webhook_events group by provider, event_id having count(*) > 1
union all
select 'history', payment_id, count(*) from payment.payment_history
where to_status = 'succeeded' and from_status in ('created', 'processing', 'requires_action', 'failed')
group by payment_id having count(*) > 1

-- @name i18_legal_histories
select history.payment_id, history.seq, history.from_status, history.to_status
from (
  select payment_id, seq, from_status, to_status,
    lag(to_status, 1, 'new') over (partition by payment_id order by seq) as before
  from payment.payment_history
) history
where history.from_status <> history.before
  or not exists (
    select from payment.payment_transitions legal
    where legal.from_status = history.from_status and legal.to_status = history.to_status)
union all
select payments.id, null, last.to_status, payments.status
from payment.payments
left join lateral (
  select to_status from payment.payment_history where payment_id = payments.id order by seq desc limit 1
) last on true
where last.to_status is distinct from payments.status

-- @name settled_in_time
select id, settlement, succeeded_at from payment.payments
where settlement = 'pending' and succeeded_at < now() - interval '60 seconds'

-- Every refund that the provider had accepted and that did not reach the buyer has a case; so nobody forgets it.
-- @name returned_refund_has_case
select refunds.id, refunds.payment_id, refunds.error
from payment.refunds
where refunds.status = 'failed' and refunds.provider_ref is not null
  and not exists (select from payment.refund_cases where refund_id = refunds.id and refund_cases.round = refunds.round)

-- @name open_refund_cases
select refund_id, round, error, opened_at from payment.refund_cases where closed_at is null

-- A refund is superseded only by a lost dispute of its payment.
-- @name superseded_by_dispute
select id, payment_id, amount from payment.refunds
where status = 'superseded'
  and not exists (select from payment.disputes where payment_id = refunds.payment_id and disputes.status = 'lost')

-- An owed refund that the provider has refused five times (about a quarter of an hour) or not taken for a day needs a
-- person; one that waits for a dispute does not.
-- @name refunds_on_their_way
select refunds.id, refunds.payment_id, refunds.created_at, refunds.error
from payment.refunds
where status = 'pending' and provider_ref is null
  and (created_at < now() - interval '25 hours' or (round >= 5 and error is not null))
  and not exists (select from payment.disputes where payment_id = refunds.payment_id and disputes.status = 'open')
