import { hash } from 'node:crypto'
import type Stripe from 'stripe'
import { createPolicy, DeadlineError, RefusedUnsentError } from '#platform/resilience'
import type { Reply } from '../provider.ts'

/** For one try. A try that hangs is given up and repeated under the same key, so an answer that was lost is found. */
const TRY_TIMEOUT_MS = 5_000
/** For one call with all its tries; below the 15 s that our own clients wait. */
const CALL_DEADLINE_MS = 12_000
const CONCURRENT_MAX = 64
const QUEUE_MAX = 2_000

export type CallOptions = {
  api_base: string
  secret_key: string
  onBreaker?(state: 'closed' | 'open'): void
}

export type Calls = {
  /** The SDK, loaded at the first call. */
  client(): Promise<Stripe>
  /** A question: asked again as our policy says. */
  ask<T>(work: (client: Stripe) => Promise<T>): Promise<Reply<T>>
  /** An effect: asked again under its key. */
  keyed<T>(key: string, work: (client: Stripe, idempotencyKey: string) => Promise<T>): Promise<Reply<T>>
}

type Sdk = { client: Stripe; errors: typeof Stripe.errors }

/**
 * Stripe through its own SDK, which never retries by itself: our policy does, around it.
 *
 * A 5xx is remembered by Stripe under its key, so a repeat would hear it for ever: the next try takes the next key of a
 * chain (`key`, `key:1`, …). So one payment may have several intents. That is safe, because only the one that is recorded
 * first is returned to a client, the others are cancelled (`open-intent.ts`), and one that was paid all the same goes back
 * (`stray.ts`). A refund first looks whether it has happened.
 */
export function openCalls(options: CallOptions): Calls {
  let loading: Promise<Sdk> | undefined
  const load = (): Promise<Sdk> => {
    loading ??= loadSdk(options)
    return loading
  }
  const policy = createPolicy({
    name: 'stripe',
    deadline_ms: CALL_DEADLINE_MS,
    isTransient,
    concurrent_max: CONCURRENT_MAX,
    queue_max: QUEUE_MAX,
    ...(options.onBreaker === undefined ? {} : { onState: options.onBreaker }),
  })
  const ask: Calls['ask'] = async (work) => {
    const { client, errors } = await load()
    try {
      return { kind: 'ok', value: await policy.run(() => withoutStack(() => work(client))) }
    } catch (error) {
      return replyTo(error, errors)
    }
  }
  const keyed: Calls['keyed'] = (key, work) => {
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
  return { client: async () => (await load()).client, ask, keyed }
}

async function loadSdk(options: CallOptions): Promise<Sdk> {
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

/** The SDK formats a stack at each call, in case it fails: a thirtieth of the server's time for an order. Logs have the trace. */
function withoutStack<T>(call: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return call()
  } finally {
    Error.stackTraceLimit = limit
  }
}

/**
 * A key with the parameters in it, for what may be asked again with others (a buyer corrects the address, another tab comes
 * back elsewhere): Stripe refuses one key with two sets of parameters. For effects of which one is safe beside the other.
 */
export function keyWith(key: string, params: object): string {
  return `${key}:${hash('sha256', JSON.stringify(params), 'base64url').slice(0, 16)}`
}

/** An amount that Stripe's own units cannot express. */
export function inexpressible<T>(): Reply<T> {
  return {
    kind: 'refused',
    code: 'amount_invalid',
    message: 'The provider cannot charge this amount in this currency.',
    moved: false,
  }
}

/** The intent of a card error, as the refused attempt left it; null for any other error. */
export function declinedIntent(error: unknown): Stripe.PaymentIntent | null {
  if (typeOf(error) !== 'StripeCardError') return null
  return (error as { payment_intent?: Stripe.PaymentIntent }).payment_intent ?? null
}

function replyTo<T>(error: unknown, errors: typeof Stripe.errors): Reply<T> {
  if (error instanceof RefusedUnsentError) return { kind: 'unsent' }
  if (error instanceof DeadlineError || isTransient(error)) return { kind: 'unknown', error }
  if (error instanceof errors.StripeInvalidRequestError || error instanceof errors.StripeCardError) {
    const moved = error.code === 'payment_intent_unexpected_state'
    return { kind: 'refused', code: error.code ?? error.type, message: error.message, moved }
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

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined
}

function typeOf(error: unknown): string | undefined {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : undefined
}
