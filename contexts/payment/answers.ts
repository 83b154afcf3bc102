import type { ConfirmPaymentResponse, CreateIntentResponse } from '@tessera/contracts/http/payment'
import { type Problem, problem } from '@tessera/contracts/problems'
import { checkoutUrl } from './checkout.ts'
import type { PaymentAnswer } from './confirm-answer.ts'
import type { Deps } from './deps.ts'
import { amountOf, type Payment } from './payment.ts'

/** What the answer says at the first time and at every repeat. */
export function intentBody(deps: Pick<Deps, 'secrets' | 'public_origin'>, payment: Payment): CreateIntentResponse {
  return {
    payment_id: payment.id,
    provider: payment.provider,
    client_secret: payment.client_secret,
    checkout_url: checkoutUrl(deps, payment.id),
    status: 'created',
    amount: amountOf(payment),
  }
}

/** A redirect in the words of the API. */
export function confirmBody({ redirect, ...body }: PaymentAnswer): ConfirmPaymentResponse {
  return redirect === undefined
    ? body
    : { ...body, next_action: { type: 'redirect_to_url', redirect_to_url: redirect } }
}

const RETRY_AFTER_S = 2
const ASK_AGAIN =
  'The payment provider did not answer. Try again with the same Idempotency-Key; nothing is charged twice.'

/** The problems of intent and confirmation alike. */
export const REFUSALS = [
  'not-found',
  'conflict',
  'hold-expired',
  'invalid-input',
  'idempotency-mismatch',
  'too-many-payments',
  'unavailable',
] as const

type Refusal =
  | { kind: 'idempotency-mismatch' | 'not-found' | 'unavailable' }
  | { kind: 'conflict' | 'invalid-input'; detail: string }
  | { kind: 'too-many-payments'; retry_after_s: number }

/** Refusals that intent and confirmation say in the same words. */
export function refused(outcome: Refusal): Problem | { kind: 'idempotency-mismatch' } {
  switch (outcome.kind) {
    case 'idempotency-mismatch':
      return { kind: outcome.kind }
    case 'not-found':
      return problem('not-found')
    case 'conflict':
    case 'invalid-input':
      return problem(outcome.kind, outcome.detail)
    case 'too-many-payments':
      return problem('too-many-payments', 'Nothing was charged. Try again later.', {}, outcome.retry_after_s)
    case 'unavailable':
      return problem('unavailable', ASK_AGAIN, {}, RETRY_AFTER_S)
  }
}
