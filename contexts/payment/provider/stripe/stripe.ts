import type Stripe from 'stripe'
import type { EventsPage, NewIntent, NewRefund, Provider, ProviderRefund, Reply } from '../provider.ts'
import { type CallOptions, type Calls, declinedIntent, inexpressible, keyWith, openCalls } from './calls.ts'
import { CHARGE_LIMITS } from './charge-limits.ts'
import { cancelIntent, FEE, fetchIntent, openCheckout } from './checkout.ts'
import { EVENT_TYPES, readEvent } from './events.ts'
import { toStripe } from './minor-units.ts'
import { disputeOf, intentOf, refundOf } from './objects.ts'
import { readStripeWebhook } from './webhook.ts'

export type StripeOptions = CallOptions & {
  /** Two while one is being replaced; none = no webhook is believed. */
  webhook_secrets: readonly string[]
}

const EVENTS_A_PAGE = 100

/** Stripe as a provider of payments. */
export function openStripe(options: StripeOptions): Provider {
  const calls = openCalls(options)
  const { ask, keyed } = calls
  return {
    name: 'stripe',
    charge_limits: CHARGE_LIMITS,
    createIntent: async (input) => {
      const params = intentParams(input)
      if (params === null) return inexpressible()
      return keyed(input.payment_id, async (client, idempotencyKey) =>
        intentOf(await client.paymentIntents.create(params, { idempotencyKey })),
      )
    },
    confirmIntent: (ref, { payment_method, return_url, key }) => {
      const params = { payment_method, return_url, expand: [FEE] }
      // An intent is paid once, under however many keys.
      return keyed(keyWith(key, params), async (client, idempotencyKey) => {
        try {
          return intentOf(await client.paymentIntents.confirm(ref, params, { idempotencyKey }))
        } catch (error) {
          const declined = declinedIntent(error)
          if (declined === null) throw error
          return intentOf(declined)
        }
      })
    },
    openCheckout: (input) => openCheckout(calls, input),
    fetchIntent: (of) => ask((client) => fetchIntent(client, of)),
    cancelIntent: (of) => cancelIntent(calls, of),
    createRefund: (input) => createRefund(calls, input),
    fetchRefund: (ref) => ask(async (client) => refundOf(await client.refunds.retrieve(ref))),
    refundsOf: (intent_ref) => ask((client) => refundsOf(client, intent_ref)),
    fetchDispute: (ref) => ask(async (client) => disputeOf(await client.disputes.retrieve(ref))),
    eventsPage: (since, after) => ask((client) => eventsPage(client, Math.floor(Date.parse(since) / 1_000), after)),
    readWebhook: async (request) => readStripeWebhook(await calls.client(), options.webhook_secrets, request),
  }
}

function intentParams(input: NewIntent): Stripe.PaymentIntentCreateParams | null {
  const money = toStripe(input.amount)
  if (money === null) return null
  return {
    ...money,
    // Cards only: a method that takes days to succeed would outlive every hold.
    payment_method_types: ['card'],
    description: input.description,
    metadata: { payment_id: input.payment_id, booking_id: input.booking_id },
    ...(input.email === null ? {} : { receipt_email: input.email }),
  }
}

/** A refund that may have happened is looked for before it is asked for under another key. */
async function createRefund(calls: Calls, input: NewRefund): Promise<Reply<ProviderRefund>> {
  const money = toStripe(input.amount)
  if (money === null) return inexpressible()
  const key = `${input.refund_id}:${input.round}`
  return calls.keyed(key, async (client, idempotencyKey) => {
    if (input.look_first || idempotencyKey !== key) {
      const known = (await refundsOf(client, input.intent_ref)).find(
        (refund) => refund.refund_id === input.refund_id && !input.not.includes(refund.ref),
      )
      if (known !== undefined) return known
    }
    const params = { payment_intent: input.intent_ref, amount: money.amount, metadata: { refund_id: input.refund_id } }
    return refundOf(await client.refunds.create(params, { idempotencyKey }))
  })
}

async function refundsOf(client: Stripe, intent_ref: string): Promise<ProviderRefund[]> {
  const refunds: ProviderRefund[] = []
  for await (const refund of client.refunds.list({ payment_intent: intent_ref, limit: 100 })) {
    refunds.push(refundOf(refund))
  }
  return refunds
}

/** Newest first, as Stripe lists. What cannot be read as an event is passed over: the next page starts behind it. */
async function eventsPage(client: Stripe, since_s: number, after: string | null): Promise<EventsPage> {
  const list = await client.events.list({
    created: { gte: since_s },
    types: EVENT_TYPES,
    delivery_success: false,
    limit: EVENTS_A_PAGE,
    ...(after === null ? {} : { starting_after: after }),
  })
  return {
    events: list.data.flatMap((event) => readEvent(event) ?? []),
    next: list.has_more ? (list.data.at(-1)?.id ?? null) : null,
  }
}
