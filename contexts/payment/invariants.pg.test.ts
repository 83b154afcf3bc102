import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsEitherWay } from '#platform/testing'
import { type Fixture, openFixture } from './fixture.ts'
import { invariants } from './invariants.ts'

let fixture: Fixture
let payment_id: string

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
  payment_id = (await fixture.pay()).payment_id
  await fixture.pay()
})
afterAll(() => fixture[Symbol.asyncDispose]())

/** Each row: an invariant, and a deed behind the triggers' backs that it must notice. */
const PLANTED: readonly [id: string, deed: string][] = [
  ['I9', `update payment.ledger_entries set amount = amount + 1 where account = 'provider_cash'`],
  ['I9', `delete from payment.ledger_entries`],
  [
    'I9',
    `insert into payment.ledger_entries (journal_id, account, amount) select min(journal_id), 'disputes', 0 + 1 from payment.ledger_entries`,
  ],
  ['I9', `delete from payment.ledger_journals`],
  ['I9', `update payment.ledger_entries set xid = '1' where account = 'provider_cash'`],
  ['I10', `update payment.payments set refunded = 1`],
  ['I10', `delete from payment.payments`],
  ['I10', `update payment.ledger_journals set payment_id = 'pay_~'`],
  ['I10', `delete from payment.ledger_journals where kind = 'capture'`],
  ['I10', `update payment.ledger_journals set organization_id = 'org_other'`],
  [
    'I10',
    `insert into payment.disputes (provider_ref, payment_id, amount, fee, currency, status) select 'dp_x', min(id), 1, 0, 'USD', 'open' from payment.payments`,
  ],
  [
    'I10-fees',
    `insert into payment.disputes (provider_ref, payment_id, amount, fee, currency, status) select 'dp_x', min(id), 1, 1, 'USD', 'won' from payment.payments`,
  ],
  ['I10-fees', `delete from payment.payments`],
  [
    'I10',
    `delete from payment.ledger_entries where journal_id = (select min(id) from payment.ledger_journals where kind = 'capture')`,
  ],
  ['I10-fees', `update payment.payments set fee = fee + 1`],
  ['I11', `update payment.payments set refund_pending = 1`],
  [
    'I11',
    `alter table payment.payments drop constraint payments_check; update payment.payments set refunded = captured + 1`,
  ],
  [
    'I11',
    `insert into payment.refunds (id, payment_id, amount, currency, reason, cause, status, next_check_at) select 'ref_x', max(id), 1, 'USD', 'requested', 'x', 'succeeded', null from payment.payments`,
  ],
  [
    'I11-cause',
    `alter table payment.refunds drop constraint refunds_payment_id_cause_key;
     insert into payment.refunds (id, payment_id, amount, currency, reason, cause) select 'ref_' || n, min(id), 1, 'USD', 'requested', 'x' from payment.payments, generate_series(1, 2) n group by n`,
  ],
  [
    'I11-cause',
    `alter table payment.refunds drop constraint refunds_payment_id_cause_key;
     insert into payment.refunds (id, payment_id, amount, currency, reason, cause) select 'ref_' || n, 'pay_~', 1, 'USD', 'requested', 'x' from generate_series(1, 2) n`,
  ],
  [
    'I17-events',
    `alter table payment.webhook_events drop constraint webhook_events_pkey;
     insert into payment.webhook_events (provider, event_id, type, about, source) select 'stripe', 'evt_1', 't', 'intent', 'poll' from generate_series(1, 2)`,
  ],
  [
    'I17',
    `insert into payment.payment_history (payment_id, from_status, to_status) select id, 'created', 'succeeded' from payment.payments`,
  ],
  ['I18-payment', `update payment.payments set status = 'created', captured = 0, settlement = null`],
  [
    'I18-payment',
    `insert into payment.payment_history (payment_id, from_status, to_status) select id, 'refunded', 'created' from payment.payments`,
  ],
  ['I18-payment', `delete from payment.payment_history`],
  [
    'I18-payment',
    `insert into payment.payment_history (payment_id, from_status, to_status) values ('pay_nobody', 'refunded', 'created')`,
  ],
  [
    'I11-returned',
    `insert into payment.refunds (id, payment_id, amount, currency, reason, cause, status, provider_ref, next_check_at) select 'ref_x', min(id), 1, 'USD', 'cancellation', 'x', 'failed', 're_x', null from payment.payments`,
  ],
  ['I11-cases', `insert into payment.refund_cases (refund_id, round, error) values ('ref_x', 0, 'expired card')`],
  [
    'I11-superseded',
    `insert into payment.refunds (id, payment_id, amount, currency, reason, cause, status, next_check_at) select 'ref_x', min(id), 1, 'USD', 'cancellation', 'x', 'superseded', null from payment.payments`,
  ],
  [
    'I11-sent',
    `insert into payment.refunds (id, payment_id, amount, currency, reason, cause, created_at) select 'ref_x', min(id), 1, 'USD', 'cancellation', 'x', now() - interval '26 hours' from payment.payments`,
  ],
  [
    'I5-settled',
    `update payment.payments set settlement = 'pending', settled_at = null, succeeded_at = now() - interval '61 seconds'`,
  ],
]

test('every invariant has a planted violation', () => {
  expect(new Set(PLANTED.map(([id]) => id))).toEqual(new Set(invariants.map(({ id }) => id)))
})

test('all hold after two purchases', async () => {
  expect(await violationsEitherWay(fixture.context.auditor, invariants)).toEqual({})
})

test.each(PLANTED)('%s notices, in slices and whole: %s', async (id, deed) => {
  class Undo extends Error {}
  const noticed = await fixture.context.owner
    .transaction(async (tx) => {
      // As a restore or a repair would: no triggers, no foreign keys.
      await tx.query('set local session_replication_role = replica')
      for (const statement of deed.split(';')) await tx.query(statement)
      expect(Object.keys(await violationsEitherWay(tx, invariants))).toContain(id)
      throw new Undo()
    })
    .catch((error: unknown) => error)
  expect(noticed).toBeInstanceOf(Undo)
})

test('the schema refuses what the invariants watch for', async () => {
  const { db, owner } = fixture.context
  for (const table of ['ledger_journals', 'ledger_entries', 'payment_history']) {
    await expect(db.query(`delete from ${table}`)).rejects.toThrow('permission denied')
    await expect(
      db.query(`update ${table} set ${table === 'ledger_entries' ? 'amount = amount' : 'payment_id = payment_id'}`),
    ).rejects.toThrow('permission denied')
    await expect(owner.query(`delete from payment.${table}`)).rejects.toThrow('append-only')
  }
  const journal = `insert into ledger_journals (kind, source_id, payment_id, organization_id, provider, currency)
    values ('refund', $1, $2, 'org', 'stripe', 'USD') returning id`
  await expect(db.transaction((tx) => tx.query(journal, ['ref_empty', payment_id]))).rejects.toThrow('has no lines')
  await expect(
    db.transaction(async (tx) => {
      const [row] = await tx.query<{ id: number }>(journal, ['ref_off', payment_id])
      await tx.query(
        `insert into ledger_entries (journal_id, account, amount) values ($1, 'refunds', 5), ($1, 'provider_cash', -4)`,
        [row?.id],
      )
    }),
  ).rejects.toThrow('is off by 1')
  await expect(db.query(`update payments set status = 'cancelled', captured = 0, settlement = null`)).rejects.toThrow(
    'foreign key',
  )
  await expect(db.query('update payments set refunded = captured + 1')).rejects.toThrow('check')
})
