import { type Card, cardNamed, type Decline, paymentMethodOf } from './cards.ts'
import { balanceTransaction, feeOn, newCharge, outcomeOf } from './charge.ts'
import { openDispute } from './dispute.ts'
import { newId } from './ids.ts'
import type { Backstage, Charge, Intent } from './objects.ts'
import type { StripeErrorBody } from './refusal.ts'
import { count, emit, put, type Tx } from './transaction.ts'

export type Authorized =
  | { kind: 'settled'; intent: Intent }
  /** The bank said no: Stripe answers 402 with the intent inside, and the intent may be tried again. */
  | { kind: 'declined'; intent: Intent; error: StripeErrorBody }

/**
 * Asks the bank of `card` for the intent's money. In the order of a real authorisation: a challenge first when the card
 * wants one, then the bank's answer, now or (armed by the control API) later.
 */
export function authorize(tx: Tx, intent: Intent, back: Backstage, card: Card, authenticated: boolean): Authorized {
  if (card.challenge && !authenticated) return { kind: 'settled', intent: challenge(tx, intent, back, card) }
  if (back.late !== null) return { kind: 'settled', intent: postpone(tx, intent, back, back.late) }
  return card.decline === null
    ? { kind: 'settled', intent: succeed(tx, intent, back, card, authenticated) }
    : refuse(tx, intent, back, card, card.decline)
}

/** The postponed answer of the bank has come. */
export function settleLate(tx: Tx, intent: Intent, back: Backstage, outcome: 'succeed' | 'fail'): void {
  const card = cardNamed(back.card ?? '')
  if (card === undefined) throw new Error(`${intent.id} is processing without a card`)
  if (outcome === 'succeed' && card.decline === null) succeed(tx, intent, back, card, card.challenge)
  else refuse(tx, intent, back, card, card.decline ?? LATE_DECLINE)
}

const LATE_DECLINE: Decline = {
  code: 'card_declined',
  decline_code: 'generic_decline',
  message: 'Your card was declined.',
}

/** The buyer failed the challenge or walked away from it. No charge was attempted. */
export function failChallenge(tx: Tx, intent: Intent, back: Backstage, card: Card): Intent {
  const error: StripeErrorBody = {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message:
      'The provided payment method has failed authentication. You can provide payment_method_data or a new payment_method to attempt to fulfill this PaymentIntent again.',
  }
  return giveBack(tx, intent, { ...back, card: null }, card, error)
}

function challenge(tx: Tx, intent: Intent, back: Backstage, card: Card): Intent {
  const url = `${tx.house.publicOrigin()}/challenge/${intent.client_secret}`
  const next: Intent = {
    ...intent,
    status: 'requires_action',
    last_payment_error: null,
    next_action: { type: 'redirect_to_url', redirect_to_url: { url, return_url: back.return_url } },
  }
  put(tx, next, { ...back, card: card.name })
  emit(tx, 'payment_intent.requires_action', next)
  return next
}

function postpone(tx: Tx, intent: Intent, back: Backstage, late: NonNullable<Backstage['late']>): Intent {
  const next: Intent = { ...intent, status: 'processing', last_payment_error: null, next_action: null }
  put(
    tx,
    next,
    { ...back, late: null },
    { object: 'tessera.due', id: intent.id, at_ms: tx.now_ms + late.after_ms, outcome: late.outcome },
  )
  emit(tx, 'payment_intent.processing', next)
  return next
}

function succeed(tx: Tx, intent: Intent, back: Backstage, card: Card, authenticated: boolean): Intent {
  const fee = feeOn(intent.amount)
  const bare = newCharge(tx, intent, card, authenticated)
  const transaction = balanceTransaction(tx, bare, { type: 'charge', amount: bare.amount, fee, source: bare.id })
  const charge: Charge = {
    ...bare,
    amount_captured: bare.amount,
    captured: true,
    paid: true,
    status: 'succeeded',
    balance_transaction: transaction.id,
    disputed: card.disputed,
  }
  const next: Intent = {
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
  }
  const parts = [...back.parts, charge.id, transaction.id]
  put(tx, next, charge, transaction)
  count(tx, intent.currency, { captured: charge.amount, fees: fee })
  emit(tx, 'charge.succeeded', charge)
  emit(tx, 'payment_intent.succeeded', next)
  if (card.disputed) openDispute(tx, charge, { ...back, parts }, { reason: 'fraudulent', amount: charge.amount })
  else put(tx, { ...back, parts })
  return next
}

function refuse(tx: Tx, intent: Intent, back: Backstage, card: Card, decline: Decline): Authorized {
  const charge: Charge = {
    ...newCharge(tx, intent, card, card.challenge),
    failure_code: decline.code,
    failure_message: decline.message,
    status: 'failed',
    outcome: outcomeOf(decline),
  }
  put(tx, charge)
  emit(tx, 'charge.failed', charge)
  const error: StripeErrorBody = {
    type: 'card_error',
    code: decline.code,
    decline_code: decline.decline_code,
    message: decline.message,
    charge: charge.id,
  }
  const tried = { ...intent, latest_charge: charge.id }
  const next = giveBack(tx, tried, { ...back, card: null, parts: [...back.parts, charge.id] }, card, error)
  return { kind: 'declined', intent: next, error }
}

/** The attempt failed, the intent did not: it waits for another payment method. */
function giveBack(tx: Tx, intent: Intent, back: Backstage, card: Card, error: StripeErrorBody): Intent {
  const next: Intent = {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: {
      ...lastError(error),
      payment_method: paymentMethodOf(card, intent.payment_method ?? newId('pm'), tx.now),
    },
  }
  put(tx, next, back)
  emit(tx, 'payment_intent.payment_failed', next)
  return next
}

function lastError(error: StripeErrorBody): NonNullable<Intent['last_payment_error']> {
  return {
    type: error.type,
    message: error.message,
    ...(error.code === undefined ? {} : { code: error.code }),
    ...(error.decline_code === undefined ? {} : { decline_code: error.decline_code }),
    ...(error.charge === undefined ? {} : { charge: error.charge }),
  }
}
