import type { CreateIntentRequest } from '@tessera/contracts/http/payment'
import { newId } from '@tessera/contracts/ids'
import { normaliseName } from '@tessera/contracts/person-name'
import type { BookingRpc, Payable } from '@tessera/contracts/rpc/booking'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import { sameOriginUrl } from '@tessera/contracts/same-origin'
import type { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'
import type { Idempotency, Source } from '#platform/http'
import { amountOf, isMade, type Payment, paymentById } from './payment.ts'
import type { PaymentLimits } from './payment-limits.ts'
import type { ProviderIntent } from './provider/provider.ts'
import type { Providers } from './provider/registry.ts'

/** An intent as the provider made it, for the payment that asked. */
export type MadeIntent = { id: string; provider_ref: string; client_secret: string | null }

export type IntentBatchers = { insert: Batcher<Payment & Bound, boolean>; record: Batcher<MadeIntent, boolean> }

type Bound = { idempotency_key: string; body_hash: string }

type Deps = {
  db: Db
  batchers: IntentBatchers
  providers: Providers
  limits: PaymentLimits | null
  rpc: { booking: BookingRpc; identity: IdentityRpc }
  public_origin: string
}

type CreationDeps = Pick<Deps, 'db' | 'batchers' | 'providers'>

export type OpenIntentInput = {
  buyer: { user_id: string; guest: boolean }
  /** Where the request comes from; empty where nobody is limited. */
  sources: readonly Source[]
  idempotency: Idempotency
  body: CreateIntentRequest
}

export type OpenIntentOutcome =
  | { kind: 'opened'; payment: Payment }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'not-found' }
  | { kind: 'hold-expired' }
  | { kind: 'conflict'; detail: string }
  | { kind: 'invalid-input'; detail: string }
  | { kind: 'too-many-payments'; retry_after_s: number }
  /** The provider gave no answer; the same key takes it up again. */
  | { kind: 'unavailable' }

const sql = loadSql(import.meta.url, [
  'insert_payments',
  'payment_of_key',
  'join_payment',
  'record_intents',
  'give_up',
  'free_keys',
])

/**
 * Asks for the money of a hold. The payment row is the intention, bound to its key: a repeat finds it, whatever has become
 * of the hold since, and goes on where the first stopped. Refusals, in order: see the README.
 */
export async function openIntent(deps: Deps, input: OpenIntentInput): Promise<OpenIntentOutcome> {
  const { buyer, idempotency, body } = input
  const given = body.email
  const [payable, person] = await Promise.all([
    deps.rpc.booking.payable({ booking_id: body.booking_id }),
    given === undefined && !buyer.guest ? deps.rpc.identity.person({ user_id: buyer.user_id }) : null,
  ])
  const email = given ?? person?.email ?? null
  const refusal = refusalOf(deps, input, payable, email)
  if (refusal !== null || payable === null) {
    return (await resumed(deps, idempotency)) ?? refusal ?? { kind: 'not-found' }
  }
  const wait_s = deps.limits?.begin(buyer.user_id, input.sources) ?? null
  if (wait_s !== null) {
    return (await resumed(deps, idempotency)) ?? { kind: 'too-many-payments', retry_after_s: wait_s }
  }
  const holder = holderOf(body) ?? person
  const payment = newPayment(deps, input, payable, {
    holder_email: email,
    holder_first_name: holder?.first_name ?? null,
    holder_last_name: holder?.last_name ?? null,
  })
  const fresh = await deps.batchers.insert.submit(payment)
  if (fresh) return createAtProvider(deps, payment)
  return (
    (await resumed(deps, idempotency)) ??
    (await joined(deps, payment, body.return_url === undefined)) ??
    (await resumed(deps, idempotency)) ?? { kind: 'unavailable' }
  )
}

/**
 * Another tab or key has opened a payment for this booking: it is the answer, so that a booking is never charged twice.
 * Null when it was given up or the key used elsewhere at the same moment.
 */
async function joined(
  deps: Deps,
  asked: Payment & Bound,
  returns_anywhere: boolean,
): Promise<OpenIntentOutcome | null> {
  const existing = await deps.db.maybe<Payment & { bound: boolean }>(sql.join_payment, {
    booking_id: asked.booking_id,
    user_id: asked.user_id,
    idempotency_key: asked.idempotency_key,
    body_hash: asked.body_hash,
    provider: asked.provider,
    holder_email: asked.holder_email,
    holder_first_name: asked.holder_first_name,
    holder_last_name: asked.holder_last_name,
    return_url: returns_anywhere ? null : asked.return_url,
  })
  if (existing === undefined) return null
  if (existing.captured > 0) return { kind: 'conflict', detail: 'This booking has been paid already.' }
  if (existing.provider !== asked.provider)
    return { kind: 'conflict', detail: `A payment of this booking with ${existing.provider} is under way.` }
  if (!existing.bound) return null
  return isMade(existing) ? { kind: 'opened', payment: existing } : createAtProvider(deps, existing)
}

/** The payment this key made before, brought to its answer; null when there is none of this owner. */
async function resumed(deps: Deps, idempotency: Idempotency): Promise<OpenIntentOutcome | null> {
  const payment = await deps.db.maybe<Payment & { body_hash: string }>(sql.payment_of_key, {
    user_id: idempotency.owner,
    idempotency_key: idempotency.key,
  })
  if (payment === undefined) return null
  if (payment.body_hash !== idempotency.body_hash) return { kind: 'idempotency-mismatch' }
  // A guest's payment that has become an account's answers the account alone.
  if (payment.user_id !== idempotency.owner) return null
  return isMade(payment) ? { kind: 'opened', payment } : createAtProvider(deps, payment)
}

/** The provider knows the intent by the payment's id: asking again never makes a second one. */
export async function createAtProvider(deps: CreationDeps, payment: Payment): Promise<OpenIntentOutcome> {
  const reply = await deps.providers.of(payment).createIntent({
    payment_id: payment.id,
    booking_id: payment.booking_id,
    amount: amountOf(payment),
    description: payment.description,
    email: payment.holder_email,
  })
  switch (reply.kind) {
    case 'ok':
      return recorded(deps, payment, reply.value)
    case 'refused':
      await giveUp(deps, payment, reply.message)
      return { kind: 'invalid-input', detail: `The payment provider refused this payment: ${reply.message}` }
    case 'unsent':
    case 'unknown':
      return { kind: 'unavailable' }
  }
}

/**
 * The intent becomes the payment's, unless a request elsewhere was faster: with an intent under another of its keys
 * (`provider/stripe/calls.ts`), with a page, or with giving up. Then this one is cancelled and its secret is never returned to a client,
 * because a payment has one way to be paid.
 */
async function recorded(deps: CreationDeps, payment: Payment, made: ProviderIntent): Promise<OpenIntentOutcome> {
  const { ref: provider_ref, client_secret } = made
  if (provider_ref === null) throw new Error('A new intent has a reference')
  if (await deps.batchers.record.submit({ id: payment.id, provider_ref, client_secret })) {
    return { kind: 'opened', payment: { ...payment, provider_ref, client_secret } }
  }
  const current = await paymentById(deps.db, payment.id)
  if (current?.provider_ref !== provider_ref) {
    await deps.providers.of(payment).cancelIntent({ intent_ref: provider_ref, checkout_ref: null })
  }
  return current !== undefined && isMade(current) ? { kind: 'opened', payment: current } : { kind: 'unavailable' }
}

/** Every key that was bound to the payment is free again: the next request with any of them opens a new one. */
async function giveUp({ db }: Pick<Deps, 'db'>, { id }: Payment, why: string): Promise<void> {
  await db.transaction(async (tx) => {
    if ((await tx.maybe(sql.give_up, { id, why })) !== undefined) await tx.none(sql.free_keys, { payment_id: id })
  })
}

function refusalOf(
  deps: Deps,
  input: OpenIntentInput,
  payable: Payable | null,
  email: string | null,
): OpenIntentOutcome | null {
  const { body, buyer } = input
  if (payable === null || payable.user_id !== buyer.user_id) return { kind: 'not-found' }
  if (payable.event_cancelled) return { kind: 'conflict', detail: 'This event was cancelled; nothing is charged.' }
  if (payable.status === 'expired' || (payable.status === 'held' && !payable.alive)) return { kind: 'hold-expired' }
  if (payable.status !== 'held') return { kind: 'conflict', detail: `This booking is ${payable.status}.` }
  if (payable.total.amount === 0) {
    return { kind: 'invalid-input', detail: 'This booking costs nothing: confirm it without a payment.' }
  }
  if (body.provider !== undefined && deps.providers.find(body.provider) === undefined) {
    return {
      kind: 'invalid-input',
      detail: `This provider is not offered; choose one of: ${deps.providers.names.join(', ')}.`,
    }
  }
  if (body.return_url !== undefined && sameOriginUrl(deps.public_origin, body.return_url) === null) {
    return { kind: 'invalid-input', detail: `return_url must be on ${deps.public_origin}.` }
  }
  if (email === null)
    return { kind: 'invalid-input', detail: 'Give an email: it is how the buyer is reached about the order.' }
  if (holderOf(body) === undefined)
    return {
      kind: 'invalid-input',
      detail: 'holder: the first name is blank, or one holds characters that no name has.',
    }
  return null
}

/** The given name for the tickets; null when none is given, undefined when it is no name. */
function holderOf({ holder }: CreateIntentRequest): { first_name: string; last_name: string } | null | undefined {
  if (holder === undefined) return null
  const first_name = normaliseName(holder.first_name)
  const last_name = normaliseName(holder.last_name ?? '')
  return first_name === undefined || first_name === '' || last_name === undefined
    ? undefined
    : { first_name, last_name }
}

type HolderColumns = Pick<Payment, 'holder_email' | 'holder_first_name' | 'holder_last_name'>

function newPayment(deps: Deps, input: OpenIntentInput, payable: Payable, holder: HolderColumns): Payment & Bound {
  const id = newId('pay')
  const after = `/checkout/${payable.booking_id}/done?payment_id=${id}`
  return {
    id,
    booking_id: payable.booking_id,
    user_id: payable.user_id,
    organization_id: payable.organization_id,
    event_id: payable.event_id,
    provider: input.body.provider ?? deps.providers.preferred.name,
    provider_ref: null,
    client_secret: null,
    checkout_ref: null,
    replaced_ref: null,
    closed_checkout_ref: null,
    amount: payable.total.amount,
    currency: payable.total.currency,
    description: payable.description,
    status: 'created',
    captured: 0,
    refunded: 0,
    refund_pending: 0,
    fee: null,
    settlement: null,
    ...holder,
    return_url: sameOriginUrl(deps.public_origin, input.body.return_url ?? after)?.href ?? null,
    hold_expires_at: payable.hold_expires_at,
    idempotency_key: input.idempotency.key,
    body_hash: input.idempotency.body_hash,
  }
}

/** Writes down intentions; true for each that has its booking and its key. */
export async function insertPayments(db: Db, payments: readonly (Payment & Bound)[]): Promise<boolean[]> {
  const fresh = await db.many<{ id: string }>(sql.insert_payments, {
    ids: payments.map((one) => one.id),
    booking_ids: payments.map((one) => one.booking_id),
    user_ids: payments.map((one) => one.user_id),
    organization_ids: payments.map((one) => one.organization_id),
    event_ids: payments.map((one) => one.event_id),
    providers: payments.map((one) => one.provider),
    amounts: payments.map((one) => one.amount),
    currencies: payments.map((one) => one.currency),
    descriptions: payments.map((one) => one.description),
    holder_emails: payments.map((one) => one.holder_email),
    holder_first_names: payments.map((one) => one.holder_first_name),
    holder_last_names: payments.map((one) => one.holder_last_name),
    return_urls: payments.map((one) => one.return_url),
    hold_expires_ats: payments.map((one) => one.hold_expires_at),
    idempotency_keys: payments.map((one) => one.idempotency_key),
    body_hashes: payments.map((one) => one.body_hash),
  })
  const ids = new Set(fresh.map((row) => row.id))
  return payments.map((one) => ids.has(one.id))
}

/** True for each intent that is its payment's from now on. */
export async function recordIntents(db: Db, made: readonly MadeIntent[]): Promise<boolean[]> {
  const rows = await db.many<{ id: string; provider_ref: string }>(sql.record_intents, {
    ids: made.map((one) => one.id),
    provider_refs: made.map((one) => one.provider_ref),
    client_secrets: made.map((one) => one.client_secret),
  })
  const own = new Map(rows.map((row) => [row.id, row.provider_ref]))
  return made.map((one) => own.get(one.id) === one.provider_ref)
}
