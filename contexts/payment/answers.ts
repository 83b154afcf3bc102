import type { ConfirmPaymentResponse, CreateIntentResponse } from '@tessera/contracts/http/payment'
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
