import { AMOUNT_MAX } from '../intent.ts'
import type { Charge } from '../objects.ts'
import { createRefund, REFUND_REASONS, updateRefund } from '../refund.ts'
import { badParameter, missing, unexpectedState } from '../refusal.ts'
import type { State } from '../state.ts'
import { intentOf, ofIntent, one } from './charges.ts'
import { page } from './list.ts'
import type { Call, Reply } from './serve.ts'

export function create({ tx, params }: Call): Reply {
  const charge_id = params.text('charge')
  const intent_id = params.text('payment_intent')
  const input = {
    amount: params.whole('amount', 1, AMOUNT_MAX) ?? null,
    reason: params.choice('reason', REFUND_REASONS) ?? null,
    metadata: params.metadata({}),
  }
  params.close()
  const charge = refundedCharge(tx.state, charge_id, intent_id)
  const intent = tx.state.intents.get(charge.payment_intent)
  if (intent === undefined) throw new Error(`${charge.id} belongs to no intent`)
  return { kind: 'ok', body: createRefund(tx, { ...input, charge, intent }) }
}

export function list({ tx, params }: Call): Reply {
  const charge = params.text('charge')
  const shelf = ofIntent(tx.state, tx.state.refunds, params.text('payment_intent') ?? intentOf(tx.state, charge))
  const body = page(shelf, params, '/v1/refunds', (refund) => charge === undefined || refund.charge === charge)
  return { kind: 'ok', body }
}

export function retrieve({ tx, id, params }: Call): Reply {
  return one(tx.state.refunds, 'refund', id, params)
}

export function update({ tx, id, params }: Call): Reply {
  const refund = tx.state.refunds.get(id)
  if (refund === undefined) throw missing('refund', id, 'id', 404)
  const metadata = params.metadata(refund.metadata)
  params.close()
  return { kind: 'ok', body: updateRefund(tx, refund, metadata) }
}

function refundedCharge(state: State, charge_id: string | undefined, intent_id: string | undefined): Charge {
  if (charge_id !== undefined) {
    const charge = state.charges.get(charge_id)
    if (charge === undefined) throw missing('charge', charge_id, 'charge', 400)
    if (intent_id !== undefined && intent_id !== charge.payment_intent) {
      throw badParameter('charge', 'parameter_invalid_string', `Charge ${charge_id} does not belong to ${intent_id}.`)
    }
    return charge
  }
  if (intent_id === undefined) {
    const message = 'One of the following params should be provided for this request: payment_intent or charge.'
    throw badParameter('charge', 'parameter_missing', message)
  }
  const intent = state.intents.get(intent_id)
  if (intent === undefined) throw missing('payment_intent', intent_id, 'payment_intent', 400)
  const charge = state.charges.get(intent.latest_charge ?? '')
  if (charge === undefined || charge.status !== 'succeeded') {
    const message = `This PaymentIntent (${intent_id}) does not have a successful charge to refund.`
    throw unexpectedState('payment_intent_unexpected_state', message, { param: 'payment_intent' })
  }
  return charge
}
