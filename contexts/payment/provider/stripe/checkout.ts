import type Stripe from 'stripe'
import type { Checkout, NewCheckout, ProviderIntent, Reference, Reply } from '../provider.ts'
import { type Calls, inexpressible, keyWith } from './calls.ts'
import { toStripe } from './minor-units.ts'
import { intentOf, sessionOf } from './objects.ts'

/** What a charge costs is in its balance transaction. */
export const FEE = 'latest_charge.balance_transaction'
const PAGE_FEE = `payment_intent.${FEE}`

/** Stripe wants a session to live for 30 minutes to 24 hours from its creation. */
const LIFETIME_MIN_MS = 30 * 60_000
const LIFETIME_MAX_MS = 24 * 3_600_000
const CLOCKS_APART_MS = 60_000

/**
 * A Checkout Session, Stripe's own page. It makes its intent when the buyer first tries to pay; what we need to know it
 * by is in the metadata of both. One session for a hold's end, the session before it and what the buyer said, whoever asks
 * and how often.
 */
export async function openCheckout(calls: Calls, input: NewCheckout): Promise<Reply<Checkout>> {
  const params = sessionParams(input)
  if (params === null) return inexpressible()
  const key = keyWith(`${input.payment_id}:page:${Date.parse(input.hold_expires_at)}:${input.replaces ?? ''}`, params)
  return calls.keyed(key, async (client, idempotencyKey) => {
    const session = await client.checkout.sessions.create(params, { idempotencyKey })
    if (session.url === null) throw new Error(`The session ${session.id} has no page`)
    return { ref: session.id, url: session.url }
  })
}

export async function fetchIntent(client: Stripe, of: Reference): Promise<ProviderIntent> {
  if (of.checkout_ref !== null) {
    return sessionOf(await client.checkout.sessions.retrieve(of.checkout_ref, { expand: [PAGE_FEE] }))
  }
  return intentOf(await client.paymentIntents.retrieve(refOf(of), { expand: [FEE] }))
}

/**
 * Under a new key each time: Stripe repeats a refusal for as long as it remembers the key, also once the intent can be
 * cancelled. A second cancellation changes nothing, and the tries of one call share its key.
 */
export function cancelIntent(calls: Calls, of: Reference): Promise<Reply<ProviderIntent>> {
  const { checkout_ref } = of
  if (checkout_ref === null) {
    const ref = refOf(of)
    return calls.keyed(`${ref}:cancel:${crypto.randomUUID()}`, async (client, idempotencyKey) =>
      intentOf(await client.paymentIntents.cancel(ref, { cancellation_reason: 'abandoned' }, { idempotencyKey })),
    )
  }
  return calls.keyed(`${checkout_ref}:expire:${crypto.randomUUID()}`, async (client, idempotencyKey) => {
    const params = { expand: ['payment_intent'] }
    return sessionOf(await client.checkout.sessions.expire(checkout_ref, params, { idempotencyKey }))
  })
}

function refOf({ intent_ref }: Reference): string {
  if (intent_ref === null) throw new Error('A payment without a page and without an intent cannot be asked for')
  return intent_ref
}

function sessionParams(input: NewCheckout): Stripe.Checkout.SessionCreateParams | null {
  const money = toStripe(input.amount)
  if (money === null) return null
  const { amount: unit_amount, currency } = money
  const metadata = { payment_id: input.payment_id, booking_id: input.booking_id }
  return {
    mode: 'payment',
    // Cards only: a method that takes days to succeed would outlive every hold.
    payment_method_types: ['card'],
    line_items: [{ quantity: 1, price_data: { currency, unit_amount, product_data: { name: input.description } } }],
    client_reference_id: input.payment_id,
    metadata,
    payment_intent_data: { description: input.description, metadata },
    success_url: input.return_url,
    cancel_url: input.cancel_url,
    ...(input.email === null ? {} : { customer_email: input.email }),
    ...lifetimeOf(input.hold_expires_at),
  }
}

/** As short after the hold as Stripe allows: the same for every repeat, as its key wants. Longer holds get the default. */
function lifetimeOf(hold_expires_at: string): { expires_at?: number } {
  const expires_ms = Date.parse(hold_expires_at) + LIFETIME_MIN_MS + CLOCKS_APART_MS
  return expires_ms > Date.now() + LIFETIME_MAX_MS - CLOCKS_APART_MS
    ? {}
    : { expires_at: Math.floor(expires_ms / 1_000) }
}
