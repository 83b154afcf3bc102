import { loadSql } from '#platform/db'
import type { Invariant } from '#platform/invariants'

const sql = loadSql(import.meta.url, [
  'payment_keys',
  'journal_keys',
  'refund_keys',
  'i9_ledger_balances',
  'i10_money_equals_ledger',
  'i10_fees_equal_ledger',
  'i11_refunds_within_captures',
  'i11_one_refund_a_cause',
  'i17_events_have_a_key',
  'i17_one_effect_an_event',
  'i18_legal_histories',
  'settled_in_time',
  'returned_refund_has_case',
  'open_refund_cases',
  'superseded_by_dispute',
  'refunds_on_their_way',
])

/** What must be true of our money at any moment. */
export const invariants: readonly Invariant[] = [
  {
    id: 'I9',
    title: 'Every journal balances and was written in one go',
    statement: sql.i9_ledger_balances,
    keys: sql.journal_keys,
  },
  {
    id: 'I10',
    title: 'Captured − refunded − disputed is what the ledger says the provider took in',
    statement: sql.i10_money_equals_ledger,
    keys: sql.payment_keys,
  },
  {
    id: 'I10-fees',
    title: 'What the provider kept is what the ledger says',
    statement: sql.i10_fees_equal_ledger,
    keys: sql.payment_keys,
  },
  {
    id: 'I11',
    title: 'No more is refunded than was captured, and counters equal refunds',
    statement: sql.i11_refunds_within_captures,
    keys: sql.payment_keys,
  },
  {
    id: 'I11-cause',
    title: 'One cause, one refund',
    statement: sql.i11_one_refund_a_cause,
    keys: sql.payment_keys,
  },
  { id: 'I17-events', title: 'A provider event is recorded once', statement: sql.i17_events_have_a_key },
  { id: 'I17', title: 'A payment succeeds once', statement: sql.i17_one_effect_an_event, keys: sql.payment_keys },
  {
    id: 'I18-payment',
    title: 'Payments follow legal transitions, and their state is the last one',
    statement: sql.i18_legal_histories,
    keys: sql.payment_keys,
  },
  {
    id: 'I11-returned',
    title: 'Every refund that a bank returned has a case',
    statement: sql.returned_refund_has_case,
    keys: sql.refund_keys,
  },
  { id: 'I11-cases', title: 'No returned refund waits for a person', statement: sql.open_refund_cases },
  {
    id: 'I11-superseded',
    title: 'Only a lost dispute supersedes a refund',
    statement: sql.superseded_by_dispute,
    keys: sql.refund_keys,
  },
  {
    id: 'I11-sent',
    title: 'Every refund that is owed is sent within a day',
    statement: sql.refunds_on_their_way,
  },
  {
    id: 'I5-settled',
    title: 'Money that came is settled within a minute',
    statement: sql.settled_in_time,
  },
]
