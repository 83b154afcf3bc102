import {
  CheckoutParams,
  CheckoutResponse,
  ConfirmPaymentRequest,
  ConfirmPaymentResponse,
  CreateIntentRequest,
  CreateIntentResponse,
  PaymentParams,
  PaymentResponse,
  TrialBalanceResponse,
  WebhookResponse,
} from '@tessera/contracts/http/payment'
import type { Permission } from '@tessera/contracts/permissions'
import { type Problem, problem } from '@tessera/contracts/problems'
import {
  type Answer,
  answer,
  type Call,
  type Http,
  type Outcome,
  rateLimitSourcesOf,
  type Source,
} from '#platform/http'
import { confirmBody, intentBody, REFUSALS, refused } from './answers.ts'
import { openCheckout } from './checkout.ts'
import { confirmPayment } from './confirm.ts'
import type { PaymentAnswer } from './confirm-answer.ts'
import type { Deps } from './deps.ts'
import { trialBalance } from './ledger/trial-balance.ts'
import { openIntent } from './open-intent.ts'
import { readPayment } from './read.ts'
import { refundRoutes } from './routes/refunds.ts'
import { receiveWebhook } from './webhooks/receive.ts'

/** Providers send whole objects, with everything that belongs to them. */
const WEBHOOK_BYTES_MAX = 1_048_576

export function routes(http: Http<Permission>, deps: Deps): void {
  intentRoute(http, deps)
  checkoutRoute(http, deps)
  confirmRoute(http, deps)
  readRoutes(http, deps)
  refundRoutes(http, deps)
  for (const provider of deps.providers.names) {
    for (const path of ['/api/v1/webhooks', '/webhooks']) webhookRoute(http, deps, provider, `${path}/${provider}`)
  }
}

function intentRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/payments/intent',
      id: 'createPaymentIntent',
      summary: 'Ask for the money of a held booking',
      tag: 'Payment',
      access: 'payments:create:own',
      idempotency: 'required',
      body: CreateIntentRequest,
      responses: { 201: CreateIntentResponse },
      problems: [...REFUSALS],
    },
    async (call) => {
      const { principal, idempotency } = call
      const outcome = await openIntent(deps, {
        buyer: principal,
        idempotency,
        body: call.body,
        sources: sourcesOf(deps, call),
      })
      switch (outcome.kind) {
        case 'opened':
          return answer(201, intentBody(deps, outcome.payment))
        case 'hold-expired':
          return problem('hold-expired', 'The hold of this booking has ended.')
        default:
          return refused(outcome)
      }
    },
  )
}

function sourcesOf(deps: Deps, call: Pick<Call, 'ip'>): readonly Source[] {
  return deps.limits === null ? [] : rateLimitSourcesOf(call.ip)
}

/** For the buyer's browser, which may hold no session of ours: whoever has the address is let on to the page. */
function checkoutRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/payments/:payment_id/checkout/:checkout_key',
      id: 'openCheckout',
      summary: 'Go to the payment provider’s page',
      tag: 'Payment',
      access: 'public',
      params: CheckoutParams,
      responses: { 303: CheckoutResponse },
      problems: ['not-found', 'unavailable'],
    },
    async (call) => {
      // The one GET with an effect: a browser that follows it goes to pay. Nobody else may set it off.
      if (isLookAhead(call)) return problem('unavailable', 'This address is opened by the buyer only.', {}, 1)
      const { payment_id, checkout_key } = call.params
      const outcome = await openCheckout(deps, payment_id, checkout_key)
      if (outcome.kind === 'not-found') return problem('not-found')
      const headers = { location: outcome.url, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
      return answer(303, {}, headers)
    },
  )
}

/** A HEAD, or a fetch ahead of a click by a browser or a link preview that says so. */
function isLookAhead({ headers, raw }: Pick<Call, 'headers' | 'raw'>): boolean {
  const purpose = `${headers['sec-purpose'] ?? ''} ${headers['purpose'] ?? ''} ${headers['x-moz'] ?? ''}`
  return raw.request.method === 'HEAD' || /\b(?:prefetch|prerender|preview)\b/i.test(purpose)
}

function confirmRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/payments/confirm',
      id: 'confirmPayment',
      summary: 'Charge a payment method',
      tag: 'Payment',
      access: 'payments:create:own',
      idempotency: 'required',
      body: ConfirmPaymentRequest,
      responses: { 200: ConfirmPaymentResponse },
      problems: ['payment-failed', ...REFUSALS],
    },
    async (call) => {
      const { idempotency } = call
      const outcome = await confirmPayment(deps, { idempotency, body: call.body, sources: sourcesOf(deps, call) })
      switch (outcome.kind) {
        case 'answered':
          return answer(200, confirmBody(outcome.body))
        case 'payment-failed':
          return declined(outcome)
        case 'replayed':
          return replayed(outcome)
        case 'hold-expired':
          return problem('hold-expired', 'The hold of this booking has ended; nothing was charged.')
        default:
          return refused(outcome)
      }
    },
  )
}

function declined(decline: { detail: string; decline_code: string }): Problem {
  return problem('payment-failed', decline.detail, { decline_code: decline.decline_code })
}

function replayed(stored: { status: number; body: unknown }): Answer | Problem {
  if (stored.status === 402) return declined(stored.body as { detail: string; decline_code: string })
  return answer(stored.status, confirmBody(stored.body as PaymentAnswer), { 'idempotent-replayed': 'true' })
}

function readRoutes(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/payments/:payment_id',
      id: 'getPayment',
      summary: 'A payment and what was refunded of it',
      tag: 'Payment',
      access: 'payments:read:own',
      params: PaymentParams,
      responses: { 200: PaymentResponse },
      problems: ['not-found'],
    },
    async (call) => {
      const { principal } = call
      const payment = await readPayment(deps, principal, call.params.payment_id)
      return payment === null ? problem('not-found') : answer(200, payment, { 'cache-control': 'no-store' })
    },
  )
  http.route(
    {
      method: 'GET',
      url: '/api/v1/admin/ledger/trial-balance',
      id: 'getTrialBalance',
      summary: 'Every account of the ledger, by currency',
      tag: 'Operating',
      access: 'ledger:read',
      responses: { 200: TrialBalanceResponse },
    },
    async () => answer(200, await trialBalance(deps), { 'cache-control': 'no-store' }),
  )
}

function webhookRoute(http: Http<Permission>, deps: Deps, provider: string, url: string): void {
  const name = provider.charAt(0).toUpperCase() + provider.slice(1)
  http.route(
    {
      method: 'POST',
      url,
      id: `receive${name}Webhook${url.startsWith('/api') ? '' : 'AtRoot'}`,
      summary: `Events from ${name}, signed`,
      tag: 'Payment',
      access: 'public',
      idempotency: 'none',
      raw_body: true,
      body_bytes_max: WEBHOOK_BYTES_MAX,
      unmetered: true,
      responses: { 200: WebhookResponse },
      problems: ['bad-signature', 'unavailable'],
    },
    async (call): Promise<Outcome> => {
      const raw = Buffer.isBuffer(call.body) ? call.body : Buffer.alloc(0)
      const outcome = await receiveWebhook(deps, provider, { raw, headers: call.headers })
      switch (outcome.kind) {
        case 'recorded':
          return answer(200, { received: true })
        case 'untrusted':
          return problem('bad-signature')
        case 'unconfigured':
          return problem('unavailable', 'No webhook secret is set, so no webhook can be trusted.', {}, 60)
      }
    },
  )
}
