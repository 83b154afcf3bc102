import { type Db, loadSql } from '#platform/db'
import type { Idempotency } from '#platform/http'
import type { CreateIntentRequest } from '@tessera/contracts/http/payment'
import { newId } from '@tessera/contracts/ids'
import type { BookingRpc, Payable } from '@tessera/contracts/rpc/booking'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import { amountOf, type Holder, type Payment } from './payment.ts'
import type { Provider } from './provider/provider.ts'
import { returnUrl } from './return-url.ts'

type Deps = {
  db: Db
  provider: Provider
  booking: BookingRpc
  identity: IdentityRpc
  public_origin: string
  /** Pages of the provider's on which a card can be entered; null where its element does that. */
  card_page_origin: string | null
}

export type OpenIntent = {
  buyer: { user_id: string; guest: boolean }
  idempotency: Idempotency
  body: CreateIntentRequest
}

export type IntentOpened =
  | { kind: 'opened'; payment: Payment; client_secret: string }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'not-found' }
  | { kind: 'hold-expired' }
  | { kind: 'conflict'; detail: string }
  | { kind: 'invalid-input'; detail: string }
  /** The provider gave no answer; the same key takes it up again. */
  | { kind: 'unavailable' }

const sql = loadSql(import.meta.url, ['insert_payment', 'payment_of_key', 'record_intent', 'give_up'])

/**
 * Asks for the money of a hold. The payment row is the intention and holds the key: a repeat finds it, whatever has
 * become of the hold since, and goes on where the first stopped. Refusals, in order: see the README.
 */
export async function openIntent(deps: Deps, input: OpenIntent): Promise<IntentOpened> {
  const { buyer, idempotency, body } = input
  const given = body.email
  const [payable, person] = await Promise.all([
    deps.booking.payable({ booking_id: body.booking_id }),
    given === undefined && !buyer.guest ? deps.identity.person({ user_id: buyer.user_id }) : null,
  ])
  const email = given ?? person?.email ?? null
  const refusal = refusalOf(deps, input, payable, email)
  if (refusal !== null || payable === null)
    return (await resumed(deps, idempotency)) ?? refusal ?? { kind: 'not-found' }
  const names = body.holder ?? { first_name: person?.first_name ?? '', last_name: person?.last_name ?? '' }
  const payment = await deps.db.maybe<Payment>(sql.insert_payment, {
    ...rowOf(deps, input, payable),
    ...holderColumns(email === null ? null : { email, ...names }),
  })
  if (payment === undefined) return (await resumed(deps, idempotency)) ?? { kind: 'unavailable' }
  return createAtProvider(deps, payment)
}

/** The payment this key made before, brought to its answer; null when there is none. */
async function resumed(deps: Deps, idempotency: Idempotency): Promise<IntentOpened | null> {
  const payment = await deps.db.maybe<Payment>(sql.payment_of_key, {
    user_id: idempotency.owner,
    idempotency_key: idempotency.key,
  })
  if (payment === undefined) return null
  if (payment.body_hash !== idempotency.body_hash) return { kind: 'idempotency-mismatch' }
  if (payment.client_secret !== null) return { kind: 'opened', payment, client_secret: payment.client_secret }
  return createAtProvider(deps, payment)
}

/** The provider knows the intent by the payment's id: asking again never makes a second one. */
export async function createAtProvider(
  deps: Pick<Deps, 'db' | 'provider' | 'card_page_origin'>,
  payment: Payment,
): Promise<IntentOpened> {
  const reply = await deps.provider.createIntent({
    payment_id: payment.id,
    booking_id: payment.booking_id,
    amount: amountOf(payment),
    description: payment.description,
    email: payment.holder_email,
    return_url: deps.card_page_origin === null ? null : payment.return_url,
  })
  switch (reply.kind) {
    case 'ok': {
      const { ref: provider_ref, client_secret } = reply.value
      await deps.db.none(sql.record_intent, { id: payment.id, provider_ref, client_secret })
      return { kind: 'opened', payment: { ...payment, provider_ref, client_secret }, client_secret }
    }
    case 'refused':
      await deps.db.none(sql.give_up, { id: payment.id, why: reply.message })
      return { kind: 'invalid-input', detail: `The payment provider refused this payment: ${reply.message}` }
    case 'unsent':
    case 'unknown':
      return { kind: 'unavailable' }
  }
}

function refusalOf(deps: Deps, input: OpenIntent, payable: Payable | null, email: string | null): IntentOpened | null {
  const { body, buyer } = input
  if (payable === null || payable.user_id !== buyer.user_id) return { kind: 'not-found' }
  if (payable.status === 'expired' || (payable.status === 'held' && !payable.alive)) return { kind: 'hold-expired' }
  if (payable.status !== 'held') return { kind: 'conflict', detail: `This booking is ${payable.status}.` }
  if (payable.total.amount === 0) {
    return { kind: 'invalid-input', detail: 'This booking costs nothing: confirm it without a payment.' }
  }
  if (body.provider !== undefined && body.provider !== deps.provider.name) {
    return { kind: 'invalid-input', detail: `This provider is not offered; ${deps.provider.name} is.` }
  }
  if (body.return_url !== undefined && returnUrl(deps.public_origin, body.return_url) === null) {
    return { kind: 'invalid-input', detail: `return_url must be on ${deps.public_origin}.` }
  }
  if (email === null) return { kind: 'invalid-input', detail: 'Give an email: the tickets are sent there.' }
  return null
}

function rowOf(deps: Deps, input: OpenIntent, payable: Payable) {
  const id = newId('pay')
  const after = `/checkout/${payable.booking_id}/done?payment_id=${id}`
  return {
    id,
    booking_id: payable.booking_id,
    user_id: payable.user_id,
    organization_id: payable.organization_id,
    event_id: payable.event_id,
    provider: deps.provider.name,
    amount: payable.total.amount,
    currency: payable.total.currency,
    description: payable.description,
    return_url: returnUrl(deps.public_origin, input.body.return_url ?? after),
    hold_expires_at: payable.hold_expires_at,
    idempotency_key: input.idempotency.key,
    body_hash: input.idempotency.body_hash,
  }
}

function holderColumns(holder: Holder | null) {
  return {
    holder_email: holder?.email ?? null,
    holder_first_name: holder?.first_name ?? null,
    holder_last_name: holder?.last_name ?? null,
  }
}
