import { newId } from '@tessera/contracts/ids'
import { type Db, loadSql, type Tx } from '#platform/db'
import { currentTraceparent, type Log } from '#platform/telemetry'
import { captureAll } from './apply-intent.ts'
import { UNPAID } from './next-transition.ts'
import { isMade, type Payment, paymentById, referenceOf } from './payment.ts'
import type { ProviderIntent } from './provider/provider.ts'
import type { Providers } from './provider/registry.ts'
import type { Reserved } from './refunds/reserve.ts'
import { sendRefund } from './refunds/send.ts'
import { recordRefused } from './settle.ts'

type Deps = { db: Db; providers: Providers; log: Log }

const sql = loadSql(import.meta.url, ['insert_stray'])

/** True when the intent carries this payment's id but is not the one that the payment has at the provider. */
export function isStray(payment: Payment, intent_ref: string | null): intent_ref is string {
  if (intent_ref === null || intent_ref === payment.provider_ref) return false
  return isMade(payment) || !UNPAID.includes(payment.status)
}

/**
 * Looks at an intent that carries our payment's id and is not the payment's own. Nobody is given such an intent to pay; if
 * it was paid all the same, the money is booked as a payment of its own and goes back whole: nothing is ever sold for it.
 * Resolves to that payment; `unpaid`: there is nothing to do; null: not known yet, to be asked again.
 */
export async function giveStrayBack(
  deps: Deps,
  payment: Payment,
  intent_ref: string,
): Promise<Payment | 'unpaid' | null> {
  const seen = await deps.providers.of(payment).fetchIntent({ intent_ref, checkout_ref: null })
  if (seen.kind === 'refused') return 'unpaid'
  if (seen.kind !== 'ok') return null
  const intent = seen.value
  if (intent.status !== 'succeeded' || intent.payment_id !== payment.id) return 'unpaid'
  // Its own page's intent, too, is unknown until it is paid: the page is read again, after the intent was seen as paid.
  if (intent.fee === null || (await isItsOwn(deps, payment.id, intent_ref))) return null
  const { id, reserved } = await deps.db.transaction((tx) => bookStray(tx, payment, intent))
  if (reserved === null) return null
  deps.log.error(
    { payment_id: payment.id, intent_ref, booked_as: id },
    'an intent was paid that no payment names; it goes back',
  )
  await sendRefund(deps, reserved.id)
  return (await paymentById(deps.db, id)) ?? null
}

async function isItsOwn(deps: Deps, payment_id: string, intent_ref: string): Promise<boolean> {
  const now = await paymentById(deps.db, payment_id)
  if (now === undefined || !isStray(now, intent_ref) || now.replaced_ref === intent_ref) return true
  if (now.checkout_ref === null || now.provider_ref !== null) return false
  const page = await deps.providers.of(now).fetchIntent(referenceOf(now))
  return page.kind !== 'ok' || page.value.ref === intent_ref
}

/** The payment, its capture and the reserved refund are one fact. */
async function bookStray(
  tx: Tx,
  payment: Payment,
  intent: ProviderIntent,
): Promise<{ id: string; reserved: Reserved | null }> {
  const id = newId('pay')
  const { amount, currency } = intent.amount
  const fresh = await tx.maybe(sql.insert_stray, {
    id,
    payment_id: payment.id,
    provider_ref: intent.ref,
    amount,
    currency,
  })
  const stray = fresh === undefined ? undefined : await paymentById(tx, id)
  if (stray === undefined) return { id, reserved: null }
  const success = { payment: stray, intent, traceparent: currentTraceparent() }
  await captureAll(tx, () => tx.markPublished('payment.succeeded'), [success])
  const recorded = await recordRefused(tx, id, 'paid-otherwise', null)
  return { id, reserved: recorded === 'confirmed' ? null : recorded }
}
