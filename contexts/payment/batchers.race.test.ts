import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '#platform/db'
import { type Batchers, openBatchers } from './batchers.ts'
import { type Fixture, openFixture } from './fixture.ts'
import { amountOf, type Payment, paymentById } from './payment.ts'
import type { ProviderIntent } from './provider/provider.ts'

const COUNT = 64
const ROUNDS = 10

let fixture: Fixture
let payments: Payment[]
/** Deadlocks that PostgreSQL reported to one of the two processes. */
let deadlocks = 0

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
  const { db } = fixture.context
  const opened = await Promise.all(
    Array.from({ length: COUNT }, async () => (await fixture.intent(fixture.bookings.add())).body.payment_id),
  )
  payments = (await Promise.all(opened.map((id) => paymentById(db, id)))).filter((one) => one !== undefined)
  // Payments are put back to where they were for every round, which their history would not allow.
  await fixture.context.owner.query('alter table payment.payments disable trigger user')
})
afterAll(() => fixture[Symbol.asyncDispose]())

/** The pool of the batches, which notes its deadlocks: the batcher decides again, and nobody else hears of them. */
function noting(db: Db): Db {
  const note = (error: unknown): never => {
    if (error instanceof Error && 'code' in error && error.code === '40P01') deadlocks++
    throw error
  }
  return {
    ...db,
    many: (statement, params) => db.many<never>(statement, params).catch(note),
    none: (statement, params) => db.none(statement, params).catch(note),
  }
}

/** Two processes submit the same items at once, one of them in the opposite order. */
async function fromBothEnds(submit: (batchers: Batchers, payment: Payment) => Promise<unknown>): Promise<void> {
  const [one, other] = [0, 0].map(() => openBatchers(noting(fixture.context.deps.by_key), () => undefined))
  if (one === undefined || other === undefined) throw new Error('There are two')
  await Promise.all([
    ...payments.map((payment) => submit(one, payment)),
    ...payments.toReversed().map((payment) => submit(other, payment)),
  ])
}

function succeeded(payment: Payment): ProviderIntent {
  return {
    ref: `pi_${payment.id}`,
    client_secret: 'secret',
    payment_id: payment.id,
    booking_id: payment.booking_id,
    amount: amountOf(payment),
    received: amountOf(payment),
    status: 'succeeded',
    failure: null,
    redirect_url: null,
    page_url: null,
    fee: 1,
  }
}

test.each<
  [what: string, prepare: string, submit: (batchers: Batchers, payment: Payment, round: number) => Promise<unknown>]
>([
  [
    'attempts under the same keys',
    'select',
    ({ attempt }, { id, user_id }, round) =>
      attempt.submit({
        payment_id: id,
        payment_method: 'pm_card_visa',
        user_id,
        idempotency_key: `round ${round}`,
        body_hash: 'h',
      }),
  ],
  [
    'references of the same intents',
    'update payment.payments set provider_ref = null, client_secret = null',
    ({ record }, { id }) => record.submit({ id, provider_ref: `pi_${id}`, client_secret: 'secret' }),
  ],
  [
    'successes of the same payments',
    `truncate payment.ledger_journals cascade;
     update payment.payments set status = 'created', captured = 0, fee = null, settlement = null, succeeded_at = null`,
    ({ capture }, payment) => capture.submit({ payment, intent: succeeded(payment), traceparent: null }),
  ],
  [
    'settlements of the same payments',
    `update payment.payments set settlement = 'pending', settled_at = null`,
    ({ confirmed }, { id }) => confirmed.submit({ id, reply: null }),
  ],
  [
    'intents of the same bookings',
    'truncate payment.payments cascade',
    ({ insert }, payment, round) =>
      insert.submit({
        ...payment,
        id: `${payment.id}_${Math.random()}`,
        idempotency_key: `intent ${round} ${Math.random()}`,
        body_hash: 'h',
      }),
  ],
  [
    'intents of other bookings under the same keys',
    'truncate payment.payments cascade',
    ({ insert }, payment, round) =>
      insert.submit({
        ...payment,
        id: `${payment.id}_${Math.random()}`,
        booking_id: `${payment.booking_id}_${Math.random()}`,
        idempotency_key: `intent ${round}`,
        body_hash: 'h',
      }),
  ],
  [
    'events that the provider delivers twice',
    'truncate payment.webhook_events',
    ({ event }, { id }) =>
      event.submit({
        provider: 'stripe',
        event_id: `evt_${id}`,
        type: 't',
        about: 'intent',
        intent_ref: null,
        refund_ref: null,
        dispute_ref: null,
        payment_hint: id,
      }),
  ],
])('%s, from two processes in opposite orders: nobody waits for a deadlock', async (_what, prepare, submit) => {
  deadlocks = 0
  for (let round = 0; round < ROUNDS; round++) {
    await fixture.context.owner.query(prepare)
    await fromBothEnds((batchers, payment) => submit(batchers, payment, round))
  }
  expect(deadlocks).toBe(0)
})
