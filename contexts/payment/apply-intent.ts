import { publisher } from '#platform/bus'
import { type Db, loadSql, type Tx } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { PaymentEvents } from '@tessera/contracts/events/payment'
import { post } from './ledger/post.ts'
import { meaningOf, UNPAID } from './meaning.ts'
import type { Payment } from './payment.ts'
import type { ProviderIntent } from './provider/provider.ts'

type Deps = { db: Db; log: Log }

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
  const meaning = meaningOf(payment, intent)
  const known = { id: payment.id, provider_ref: intent.ref, client_secret: intent.client_secret }
  switch (meaning.kind) {
    case 'nothing':
      if (!UNPAID.includes(payment.status) && payment.fee === null && intent.fee !== null) {
        await deps.db.transaction((tx) => recordFee(tx, payment, intent.fee ?? 0))
      }
      return 'nothing'
    case 'move':
      return (await deps.db.maybe(sql.move, { ...known, to: meaning.to })) === undefined ? 'nothing' : 'moved'
    case 'failed':
      return deps.db.transaction(async (tx) => {
        if ((await tx.maybe(sql.move, { ...known, to: 'failed' })) === undefined) return 'nothing'
        const { id: payment_id, booking_id } = payment
        await publish(tx, 'payment.failed', payment_id, { payment_id, booking_id, reason: meaning.reason })
        return 'moved'
      })
    case 'capture':
      return deps.db.transaction((tx) => capture(tx, payment, intent))
    case 'foreign':
      deps.log.error(
        { payment_id: payment.id, why: meaning.why },
        'an intent is not what we asked for; nothing follows from it',
      )
      if (payment.provider_ref === intent.ref)
        await deps.db.none(sql.record_trouble, { id: payment.id, why: meaning.why })
      return 'foreign'
  }
}

async function capture(tx: Tx, payment: Payment, intent: ProviderIntent): Promise<'captured' | 'nothing'> {
  const { received, fee } = intent
  const won = await tx.maybe(sql.capture, {
    id: payment.id,
    received: received.amount,
    fee,
    provider_ref: intent.ref,
    client_secret: intent.client_secret,
  })
  if (won === undefined) return 'nothing'
  const { id: payment_id, booking_id } = payment
  await post(tx, payment, [
    { kind: 'capture', source_id: payment_id, amount: received.amount },
    { kind: 'provider-fee', source_id: payment_id, amount: fee ?? 0 },
  ])
  await publish(tx, 'payment.succeeded', payment_id, { payment_id, booking_id, amount: received })
  return 'captured'
}

async function recordFee(tx: Tx, payment: Payment, fee: number): Promise<void> {
  if ((await tx.maybe(sql.record_fee, { id: payment.id, fee })) === undefined) return
  await post(tx, payment, [{ kind: 'provider-fee', source_id: payment.id, amount: fee }])
}
