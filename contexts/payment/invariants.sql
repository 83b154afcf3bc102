-- Each statement reads the keys from :from to :to; the blocks of keys say what there is to go through
-- (platform/invariants). Sums are compared by adding both sides with opposite signs: nothing is lost when one side has no
-- row.

-- @name payment_keys
select id as key from payment.payments
union all
select payment_id from payment.ledger_journals
union all
select payment_id from payment.payment_history
union all
select payment_id from payment.refunds

-- @name journal_keys
select id as key from payment.ledger_journals
union all
select journal_id from payment.ledger_entries

-- @name refund_keys
select id as key from payment.refunds

-- @name i9_ledger_balances
select journals.id, coalesce(sum(entries.amount), 0) as difference, 'unbalanced or empty' as what
from payment.ledger_journals journals
left join payment.ledger_entries entries on entries.journal_id = journals.id
where journals.id between :from and :to
group by journals.id
having coalesce(sum(entries.amount), 0) <> 0 or count(entries.account) = 0
union all
select entries.journal_id, entries.amount, 'written after its journal, or without one'
from payment.ledger_entries entries
left join payment.ledger_journals journals on journals.id = entries.journal_id
where entries.journal_id between :from and :to and entries.xid is distinct from journals.xid

-- What the provider holds and kept, by the ledger, against what each payment itself says; shown is the difference.
-- @name i10_money_equals_ledger
select payment_id, organization_id, provider, currency, sum(amount) as difference
from (
  select journals.payment_id, journals.organization_id, journals.provider, journals.currency, entries.amount
  from payment.ledger_journals journals
  join payment.ledger_entries entries on entries.journal_id = journals.id
  where journals.payment_id between :from and :to and entries.account in ('provider_cash', 'provider_fees')
  union all
  select id, organization_id, provider, currency, refunded - captured
  from payment.payments where id between :from and :to and captured > 0
  union all
  select payments.id, payments.organization_id, payments.provider, payments.currency, disputes.amount
  from payment.payments join payment.disputes on disputes.payment_id = payments.id
  where payments.id between :from and :to and payments.captured > 0 and disputes.status <> 'won'
) part
group by payment_id, organization_id, provider, currency having sum(amount) <> 0

-- @name i10_fees_equal_ledger
select payment_id, sum(amount) as difference
from (
  select journals.payment_id, entries.amount
  from payment.ledger_journals journals
  join payment.ledger_entries entries on entries.journal_id = journals.id
  where journals.payment_id between :from and :to and entries.account = 'provider_fees'
  union all
  select id, -coalesce(fee, 0) from payment.payments where id between :from and :to and captured > 0
  union all
  select payments.id, -disputes.fee
  from payment.payments join payment.disputes on disputes.payment_id = payments.id
  where payments.id between :from and :to and payments.captured > 0
) part
group by payment_id having sum(amount) <> 0

-- @name i11_refunds_within_captures
select payments.id, payments.captured, payments.refunded, payments.refund_pending
from payment.payments
cross join lateral (
  select coalesce(sum(amount) filter (where status = 'succeeded'), 0) as succeeded,
    coalesce(sum(amount) filter (where status = 'pending'), 0) as pending
  from payment.refunds where payment_id = payments.id
) asked
where payments.id between :from and :to
  and (payments.refunded + payments.refund_pending > payments.captured
    or payments.refunded <> asked.succeeded
    or payments.refund_pending <> asked.pending)

-- @name i11_one_refund_a_cause
select payment_id, cause, count(*) from payment.refunds
where payment_id between :from and :to group by payment_id, cause having count(*) > 1

-- The key of a provider's events is what makes their effect one, and no index goes through them by anything else: while
-- it is in force there is no event twice.
-- @name i17_events_have_a_key
select 'webhook_events' as without_key
where not exists (
  select from pg_catalog.pg_index
  where indrelid = 'payment.webhook_events'::regclass and indisunique and indisvalid and indimmediate
    and indpred is null and indexprs is null
    and (select array_agg(attname::text order by attname) from pg_catalog.pg_attribute
      where attrelid = indrelid and attnum = any (indkey)) = '{event_id,provider}')

-- @name i17_one_effect_an_event
select payment_id, count(*) from payment.payment_history
where payment_id between :from and :to
  and to_status = 'succeeded' and from_status in ('created', 'processing', 'requires_action', 'failed')
group by payment_id having count(*) > 1

-- @name i18_legal_histories
select history.payment_id, history.seq, history.from_status, history.to_status
from (
  select payment_id, seq, from_status, to_status,
    lag(to_status, 1, 'new') over (partition by payment_id order by seq) as before
  from payment.payment_history where payment_id between :from and :to
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
where payments.id between :from and :to and last.to_status is distinct from payments.status

-- @name settled_in_time
select id, settlement, succeeded_at from payment.payments
where settlement = 'pending' and succeeded_at < now() - interval '60 seconds'

-- Every refund that the provider had accepted and that did not reach the buyer has a case; so nobody forgets it.
-- @name returned_refund_has_case
select refunds.id, refunds.payment_id, refunds.error
from payment.refunds
where refunds.id between :from and :to and refunds.status = 'failed' and refunds.provider_ref is not null
  and not exists (select from payment.refund_cases where refund_id = refunds.id and refund_cases.round = refunds.round)

-- @name open_refund_cases
select refund_id, round, error, opened_at from payment.refund_cases where closed_at is null

-- A refund is superseded only by a lost dispute of its payment.
-- @name superseded_by_dispute
select id, payment_id, amount from payment.refunds
where id between :from and :to and status = 'superseded'
  and not exists (select from payment.disputes where payment_id = refunds.payment_id and disputes.status = 'lost')

-- An owed refund that the provider has refused five times (about a quarter of an hour) or not taken for a day needs a
-- person; one that waits for a dispute does not. By a constraint exactly the pending ones have a next check.
-- @name refunds_on_their_way
select refunds.id, refunds.payment_id, refunds.created_at, refunds.error
from payment.refunds
where status = 'pending' and next_check_at is not null and provider_ref is null
  and (created_at < now() - interval '25 hours' or (round >= 5 and error is not null))
  and not exists (select from payment.disputes where payment_id = refunds.payment_id and disputes.status = 'open')
