import type { PaymentEvents, PaymentSucceeded } from '@tessera/contracts/events/payment'
import type { Batcher } from '#platform/batching'
import { publisher } from '#platform/bus'
import { type Db, loadSql, type Queryable, type Tx } from '#platform/db'
import { currentTraceparent, type Log } from '#platform/telemetry'
import { post } from './ledger/post.ts'
import { nextTransition, UNPAID } from './next-transition.ts'
import type { Payment } from './payment.ts'
import type { ProviderIntent } from './provider/provider.ts'

/** A success as the provider shows it. */
export type Success = { payment: Payment; intent: ProviderIntent; traceparent: string | null }

export type CaptureBatcher = { capture: Batcher<Success, boolean> }

type Deps = { db: Db; batchers: CaptureBatcher; log: Log }

const sql = loadSql(import.meta.url, ['move', 'capture', 'record_fee', 'record_trouble'])
const publish = publisher<PaymentEvents>()

/**
 * Brings a payment to what its intent shows: the one way for the API, webhooks and the reconciler, in any order and any
 * number of times. `captured` is told to exactly one of them, who then settles the payment.
 */
export async function applyIntent(
  deps: Deps,
  payment: Payment,
  intent: ProviderIntent,
): Promise<'nothing' | 'moved' | 'captured' | 'foreign'> {
  const transition = nextTransition(payment, intent)
  const { id, checkout_ref, closed_checkout_ref } = payment
  // A page's intent becomes the payment's once it is paid: until then nobody but the page may confirm it.
  const provider_ref = checkout_ref === null ? intent.ref : null
  const known = { id, checkout_ref, closed_checkout_ref, provider_ref, client_secret: intent.client_secret }
  switch (transition.kind) {
    case 'nothing':
      if (!UNPAID.includes(payment.status) && payment.fee === null && intent.fee !== null) {
        await deps.db.transaction((tx) => recordFee(tx, payment, intent.fee ?? 0))
      }
      return 'nothing'
    case 'move':
      return (await deps.db.maybe(sql.move, { ...known, to: transition.to, failure_code: null })) === undefined
        ? 'nothing'
        : 'moved'
    case 'failed':
      return deps.db.transaction(async (tx) => {
        if ((await tx.maybe(sql.move, { ...known, to: 'failed', failure_code: transition.reason })) === undefined)
          return 'nothing'
        const { id: payment_id, booking_id } = payment
        await publish(tx, 'payment.failed', payment_id, { payment_id, booking_id, reason: transition.reason })
        return 'moved'
      })
    case 'capture':
      return (await deps.batchers.capture.submit({ payment, intent, traceparent: currentTraceparent() }))
        ? 'captured'
        : 'nothing'
    case 'foreign':
      deps.log.error(
        { payment_id: payment.id, why: transition.why },
        'an intent is not what we asked for; nothing follows from it',
      )
      if (payment.provider_ref !== null && payment.provider_ref === intent.ref)
        await deps.db.none(sql.record_trouble, { id: payment.id, why: transition.why })
      return 'foreign'
  }
}

/**
 * Records successes with their movements in the ledger and the fact for the others; true for those nobody had recorded.
 * The movements are those of `ledger/movements.ts`, written out in the statement because this is the hot path; a test
 * holds the two together. `published` nudges the relay.
 */
export async function captureAll(
  db: Queryable,
  published: () => void,
  successes: readonly Success[],
): Promise<boolean[]> {
  const rows = await db.many<{ id: string; i: number }>(sql.capture, {
    ids: successes.map(({ payment }) => payment.id),
    provider_refs: successes.map(({ intent }) => intent.ref),
    client_secrets: successes.map(({ intent }) => intent.client_secret),
    received: successes.map(({ intent }) => intent.received.amount),
    fees: successes.map(({ intent }) => intent.fee),
    payloads: successes.map((success) => JSON.stringify(factOf(success))),
    traceparents: successes.map(({ traceparent }) => traceparent),
  })
  if (rows.length > 0) published()
  const won = new Set(rows.map((row) => row.i))
  return successes.map((_success, index) => won.has(index + 1))
}

function factOf({ payment, intent }: Success): PaymentSucceeded {
  return { payment_id: payment.id, booking_id: payment.booking_id, amount: intent.received }
}

async function recordFee(tx: Tx, payment: Payment, fee: number): Promise<void> {
  if ((await tx.maybe(sql.record_fee, { id: payment.id, fee })) === undefined) return
  await post(tx, payment, [{ kind: 'provider-fee', source_id: payment.id, amount: fee }])
}
