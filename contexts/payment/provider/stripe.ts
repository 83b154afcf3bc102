import type Stripe from 'stripe'
import { createPolicy, DeadlineError, RefusedUnsentError } from '#platform/resilience'
import { toStripe } from './minor-units.ts'
import type { NewIntent, NewRefund, Provider, ProviderRefund, Reply } from './provider.ts'
import { disputeOf, eventOf, intentOf, refundOf } from './stripe-objects.ts'

export type StripeOptions = {
  api_base: string
  secret_key: string
  onBreaker?(state: 'closed' | 'open'): void
}

/** For one try. A try that hangs is given up and repeated under the same key, so an answer that was lost is found. */
const TRY_TIMEOUT_MS = 5_000
/** For one call with all its tries; below the 15 s that our own clients wait. */
const CALL_DEADLINE_MS = 12_000
/** Stripe's own tolerance for the age of a signature. */
const SIGNATURE_TOLERANCE_S = 300
const EVENT_PAGE = 100
const EVENT_PAGES_MAX = 10
/** What the reconciler wants to hear of; the rest of Stripe's events says nothing about our money. */
const EVENT_TYPES = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.processing',
  'payment_intent.requires_action',
  'payment_intent.canceled',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.closed',
]
const EXPAND_FEE = ['latest_charge.balance_transaction']

/** Stripe as a provider of payments. */
export function openStripe(options: StripeOptions): Provider {
  const { load, ask, keyed } = openCalls(options)
  return {
    name: 'stripe',
    createIntent: async (input) => {
      const params = intentParams(input)
      if (params === null) return inexpressible()
      return keyed(input.payment_id, async (client, idempotencyKey) =>
        intentOf(await client.paymentIntents.create(params, { idempotencyKey })),
      )
    },
    confirmIntent: (ref, { payment_method, return_url, key }) =>
      keyed(key, async (client, idempotencyKey) => {
        const params = { payment_method, return_url, expand: EXPAND_FEE }
        try {
          return intentOf(await client.paymentIntents.confirm(ref, params, { idempotencyKey }))
        } catch (error) {
          const declined = declinedIntent(error)
          if (declined === null) throw error
          return intentOf(declined)
        }
      }),
    fetchIntent: (ref) =>
      ask(async (client) => intentOf(await client.paymentIntents.retrieve(ref, { expand: EXPAND_FEE }))),
    cancelIntent: (ref) =>
      keyed(`${ref}:cancel`, async (client, idempotencyKey) =>
        intentOf(await client.paymentIntents.cancel(ref, { cancellation_reason: 'abandoned' }, { idempotencyKey })),
      ),
    createRefund: async (input) => createRefund(input, keyed),
    fetchRefund: (ref) => ask(async (client) => refundOf(await client.refunds.retrieve(ref))),
    refundsOf: (intent_ref) => ask((client) => refundsOf(client, intent_ref)),
    fetchDispute: (ref) => ask(async (client) => disputeOf(await client.disputes.retrieve(ref))),
    eventsSince: (since) => ask((client) => eventsSince(client, Math.floor(Date.parse(since) / 1_000))),
    verify: async (raw, signature, secrets) => {
      const { client, errors } = await load()
      for (const secret of secrets) {
        try {
          const event = client.webhooks.constructEvent(raw, signature, secret, SIGNATURE_TOLERANCE_S)
          return eventOf(event, raw.toString('utf8'))
        } catch (error) {
          if (!(error instanceof errors.StripeSignatureVerificationError || error instanceof SyntaxError)) throw error
        }
      }
      return null
    },
  }
}

type Sdk = { client: Stripe; errors: typeof Stripe.errors }
type Keyed = <T>(key: string, work: (client: Stripe, idempotencyKey: string) => Promise<T>) => Promise<Reply<T>>

type Calls = {
  load(): Promise<Sdk>
  /** A question: asked again as our policy says. */
  ask<T>(work: (client: Stripe) => Promise<T>): Promise<Reply<T>>
  /** An effect: asked again under its key. */
  keyed: Keyed
}

/**
 * Stripe through its own SDK, loaded at the first call. The SDK never retries by itself: our policy does, around it.
 *
 * A 5xx is remembered by Stripe under its key, so a repeat would hear it for ever: the next try takes the next key of a
 * chain (`key`, `key:1`, …). That is safe for intents, because one intent can be paid once only, and an intent that
 * nobody got to know can not be paid at all. A refund first looks whether it has happened.
 */
function openCalls(options: StripeOptions): Calls {
  let loading: Promise<Sdk> | undefined
  const load = (): Promise<Sdk> => {
    loading ??= open(options)
    return loading
  }
  const policy = createPolicy({
    name: 'stripe',
    deadline_ms: CALL_DEADLINE_MS,
    isTransient: (error) => isTransient(error),
    concurrent_max: 64,
    queue_max: 2_000,
    ...(options.onBreaker === undefined ? {} : { onState: options.onBreaker }),
  })
  const ask: Calls['ask'] = async (work) => {
    const { client, errors } = await load()
    try {
      return { kind: 'ok', value: await policy.run(() => work(client)) }
    } catch (error) {
      return replyTo(error, errors)
    }
  }
  const keyed: Keyed = (key, work) => {
    let failures = 0
    return ask(async (client) => {
      try {
        return await work(client, failures === 0 ? key : `${key}:${failures}`)
      } catch (error) {
        if (isServerFailure(error)) failures++
        throw error
      }
    })
  }
  return { load, ask, keyed }
}

async function open(options: StripeOptions): Promise<Sdk> {
  const { default: StripeSdk } = await import('stripe')
  const base = new URL(options.api_base)
  const client = new StripeSdk(options.secret_key, {
    host: base.hostname,
    protocol: base.protocol === 'http:' ? 'http' : 'https',
    ...(base.port === '' ? {} : { port: base.port }),
    maxNetworkRetries: 0,
    timeout: TRY_TIMEOUT_MS,
    telemetry: false,
  })
  return { client, errors: StripeSdk.errors }
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
    ...(input.return_url === null ? {} : { return_url: input.return_url }),
  }
}

function inexpressible<T>(): Reply<T> {
  return {
    kind: 'refused',
    code: 'amount_invalid',
    message: 'The provider cannot charge this amount in this currency.',
  }
}

/** A refund that may have happened is looked for before it is asked for under another key. */
async function createRefund(input: NewRefund, keyed: Keyed): Promise<Reply<ProviderRefund>> {
  const money = toStripe(input.amount)
  if (money === null) return inexpressible()
  const key = `${input.refund_id}:${input.round}`
  return keyed(key, async (client, idempotencyKey) => {
    if (input.look_first || idempotencyKey !== key) {
      const known = (await refundsOf(client, input.intent_ref)).find((refund) => refund.refund_id === input.refund_id)
      if (known !== undefined) return known
    }
    const params = { payment_intent: input.intent_ref, amount: money.amount, metadata: { refund_id: input.refund_id } }
    return refundOf(await client.refunds.create(params, { idempotencyKey }))
  })
}

async function refundsOf(client: Stripe, intent_ref: string): Promise<ProviderRefund[]> {
  const list = await client.refunds.list({ payment_intent: intent_ref, limit: 100 })
  return list.data.map(refundOf)
}

/**
 * Only what no webhook has brought. Newest first and at most ten pages: this makes lost webhooks quick to find, the polls
 * of single payments make it certain.
 */
async function eventsSince(client: Stripe, since_s: number) {
  const events: Stripe.Event[] = []
  let after: string | undefined
  for (let page = 0; page < EVENT_PAGES_MAX; page++) {
    const list = await client.events.list({
      created: { gte: since_s },
      types: EVENT_TYPES,
      delivery_success: false,
      limit: EVENT_PAGE,
      ...(after === undefined ? {} : { starting_after: after }),
    })
    events.push(...list.data)
    after = list.data.at(-1)?.id
    if (!list.has_more) break
  }
  return events.reverse().map((event) => eventOf(event, JSON.stringify(event)))
}

function replyTo<T>(error: unknown, errors: typeof Stripe.errors): Reply<T> {
  if (error instanceof RefusedUnsentError) return { kind: 'unsent' }
  if (error instanceof DeadlineError || isTransient(error)) return { kind: 'unknown', error }
  if (error instanceof errors.StripeInvalidRequestError || error instanceof errors.StripeCardError) {
    return { kind: 'refused', code: error.code ?? error.type, message: error.message }
  }
  throw error
}

/** No connection, too many at once, a key or an intent in use, or their own failure: later it may go through. */
function isTransient(error: unknown): boolean {
  const status = statusOf(error)
  return typeOf(error) === 'StripeConnectionError' || status === 429 || status === 409 || (status ?? 0) >= 500
}

function isServerFailure(error: unknown): boolean {
  return (statusOf(error) ?? 0) >= 500
}

function declinedIntent(error: unknown): Stripe.PaymentIntent | null {
  if (typeOf(error) !== 'StripeCardError') return null
  return (error as { payment_intent?: Stripe.PaymentIntent }).payment_intent ?? null
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined
}

function typeOf(error: unknown): string | undefined {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : undefined
}
