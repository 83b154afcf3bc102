import { isId } from '@tessera/contracts/ids'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { CaptureBatcher } from './apply-intent.ts'
import { type AttemptBatcher, closeAttempt, openAttempt } from './attempts.ts'
import { charge, chargeWithinLimits } from './charge.ts'
import { answerOf, type ConfirmInput, type ConfirmOutcome, notChargeable } from './confirm-answer.ts'
import { UNPAID } from './next-transition.ts'
import type { PaymentLimits } from './payment-limits.ts'
import type { Providers } from './provider/registry.ts'
import type { SettlementBatcher } from './settle.ts'
import { takeOver } from './take-over.ts'
import type { Pump } from './webhooks/pump.ts'

type Deps = {
  db: Db
  batchers: AttemptBatcher & CaptureBatcher & SettlementBatcher
  providers: Providers
  limits: PaymentLimits | null
  rpc: { booking: BookingRpc }
  concluding: Set<string>
  webhooks: Pick<Pump, 'nudge'>
  log: Log
}

/**
 * Charges a payment method for a hold that is alive. The attempt is written before the provider is asked, under a key of
 * its own there; the answer is stored under the buyer's key once it is final. What stays open between (a crash, an
 * answer that never came) is taken up by a repeat with the same key, a webhook or the reconciler, whichever is first.
 */
export async function confirmPayment(deps: Deps, input: ConfirmInput): Promise<ConfirmOutcome> {
  if (!isId('pay', input.body.payment_id)) return { kind: 'not-found' }
  const { payment, ...key } = await openAttempt(deps, input)
  if (key.known_body_hash !== null) {
    if (key.known_body_hash !== input.idempotency.body_hash) return { kind: 'idempotency-mismatch' }
    if (key.answer_status !== null) return { kind: 'replayed', status: key.answer_status, body: key.answer }
  }
  if (payment === null) {
    const theirs = await takeOver(deps, input.body.payment_id, input.idempotency.owner)
    return theirs ? confirmPayment(deps, input) : { kind: 'not-found' }
  }
  const attempt = key.opened_attempt ?? key.known_attempt
  const outcome = UNPAID.includes(payment.status)
    ? attempt === null
      ? notChargeable(payment)
      : key.opened_attempt === null
        ? await charge(deps, payment, input, attempt)
        : await chargeWithinLimits(deps, payment, input, attempt)
    : await answerOf(deps, payment, input)
  if (attempt !== null) await closeAttempt(deps, input.idempotency, outcome)
  return outcome
}
