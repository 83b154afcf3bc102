import { isCurrency } from '@tessera/contracts/money'
import { balanceTransaction } from './balance.ts'
import { type Card, cardNamed, chargedCard, type Decline, paymentMethodOf } from './cards.ts'
import { openDispute } from './dispute.ts'
import { followIntent } from './follow.ts'
import { randomText } from './ids.ts'
import { type Charge, type Hidden, type Intent, type LateOutcome, newId } from './objects.ts'
import { badParameter, missing, type StripeErrorBody, unexpectedState } from './refusal.ts'
import { emit, later, type Tx } from './transaction.ts'

/** Twelve digits: more than Stripe takes for any currency, and safe to sum in a float for as long as a sandbox lives. */
export const AMOUNT_MAX = 999_999_999_999

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').filter(isCurrency))
const UNCONFIRMED: readonly Intent['status'][] = ['requires_payment_method', 'requires_confirmation', 'requires_action']
const DECLINED: Decline = { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' }

export type Authorized =
  | { kind: 'settled'; intent: Intent }
  /** The bank said no: Stripe answers 402 with the intent inside, and the intent may be tried again. */
  | { kind: 'declined'; intent: Intent; error: StripeErrorBody }

export type NewIntent = Pick<
  Intent,
  | 'amount'
  | 'currency'
  | 'metadata'
  | 'description'
  | 'receipt_email'
  | 'automatic_payment_methods'
  | 'payment_method_types'
  | 'capture_method'
> & { return_url: string | null; payment_method: string | null; confirm: boolean }

/** Makes an intent; with a payment method it waits for its confirmation, with `confirm` it is tried at once. */
export function createIntent(tx: Tx, input: NewIntent): Authorized {
  const { payment_method, confirm, return_url, ...given } = input
  const id = newId('pi')
  const card = payment_method === null ? null : chosenCard(payment_method, null)
  if (confirm && card === null) throw noPaymentMethod()
  const intent: Intent = {
    ...given,
    id,
    object: 'payment_intent',
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: tx.now,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    next_action: null,
    payment_method: card === null ? null : newId('pm'),
    status: card === null ? 'requires_payment_method' : 'requires_confirmation',
  }
  const hidden: Hidden = { return_url, card: card?.name ?? null, late: null }
  put(tx, intent, hidden)
  emit(tx, 'payment_intent.created', intent)
  return confirm && card !== null ? authorize(tx, intent, hidden, card, false) : { kind: 'settled', intent }
}

export type Confirmation = {
  payment_method: string | null
  return_url: string | null
  receipt_email: string | null
}

/** Tries to take the money. Refused when it is taken, under way or given up; a declined try leaves the intent open. */
export function confirmIntent(tx: Tx, intent: Intent, input: Confirmation): Authorized {
  if (!UNCONFIRMED.includes(intent.status)) throw notConfirmable(intent)
  const hidden = tx.store.hidden(intent.id)
  const card = chosenCard(input.payment_method, { intent, hidden })
  if (card === null) throw noPaymentMethod()
  const kept = input.payment_method === null ? intent.payment_method : null
  const attached: Intent = {
    ...intent,
    payment_method: kept ?? newId('pm'),
    receipt_email: input.receipt_email ?? intent.receipt_email,
  }
  const known = { ...hidden, card: card.name, return_url: input.return_url ?? hidden.return_url }
  return authorize(tx, attached, known, card, false)
}

/** The buyer's bank has asked the buyer, who said yes or did not. Refused when nothing was asked. */
export function answerChallenge(tx: Tx, intent: Intent, answer: 'complete' | 'fail'): Authorized {
  const hidden = tx.store.hidden(intent.id)
  const card = cardNamed(hidden.card ?? '')
  if (intent.status !== 'requires_action' || card === undefined) {
    throw unexpectedState(
      'payment_intent_unexpected_state',
      `This PaymentIntent waits for no challenge: it is ${intent.status}.`,
    )
  }
  if (answer === 'complete') return authorize(tx, intent, hidden, card, true)
  const error: StripeErrorBody = {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message:
      'The provided payment method has failed authentication. You can provide payment_method_data or a new payment_method to attempt to fulfill this PaymentIntent again.',
  }
  return { kind: 'settled', intent: reopen(tx, intent, { ...hidden, card: null }, card, error) }
}

export type IntentUpdate = Partial<Pick<Intent, 'amount' | 'currency' | 'description' | 'receipt_email'>> & {
  metadata: Record<string, string>
  payment_method?: string
}

/** Words may change at any time, money and means only before a confirmation. */
export function updateIntent(tx: Tx, intent: Intent, update: IntentUpdate): Intent {
  const { payment_method, ...fields } = update
  const what = (['amount', 'currency', 'payment_method'] as const).find((name) => update[name] !== undefined)
  if (what !== undefined && !UNCONFIRMED.includes(intent.status)) {
    throw unexpectedState(
      'payment_intent_unexpected_state',
      `This PaymentIntent's ${what} could not be updated because it has a status of ${intent.status}. You may only update the ${what} of a PaymentIntent with one of the following statuses: ${UNCONFIRMED.join(', ')}.`,
      { param: what, payment_intent: intent },
    )
  }
  const hidden = tx.store.hidden(intent.id)
  if (payment_method === undefined) return put(tx, { ...intent, ...fields }, hidden)
  const card = chosenCard(payment_method, { intent, hidden })
  const attached = { payment_method: newId('pm'), status: 'requires_confirmation' } as const
  return put(tx, { ...intent, ...fields, ...attached }, { ...hidden, card: card?.name ?? null })
}

/** Gives the intent up. Refused once money moves or has moved: a `processing` intent can still succeed. */
export function cancelIntent(tx: Tx, intent: Intent, cancellation_reason: Intent['cancellation_reason']): Intent {
  if (!UNCONFIRMED.includes(intent.status)) {
    throw unexpectedState(
      'payment_intent_unexpected_state',
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${UNCONFIRMED.join(', ')}.`,
      { payment_intent: intent },
    )
  }
  const given_up = { status: 'canceled', canceled_at: tx.now, cancellation_reason, next_action: null } as const
  const next = put(tx, { ...intent, ...given_up }, tx.store.hidden(intent.id))
  emit(tx, 'payment_intent.canceled', next)
  return next
}

/** Orders the next authorisation of an intent to answer `processing` now and its outcome only later. */
export function postponeOutcome(tx: Tx, intent: Intent, late: LateOutcome): void {
  if (!UNCONFIRMED.includes(intent.status)) throw notConfirmable(intent)
  tx.store.hide(intent.id, { ...tx.store.hidden(intent.id), late })
}

/** The postponed answer of the bank has come. */
export function settleLate(tx: Tx, intent: Intent, outcome: LateOutcome['outcome']): void {
  const hidden = tx.store.hidden(intent.id)
  const card = cardNamed(hidden.card ?? '')
  if (card === undefined) throw new Error(`${intent.id} is processing without a card`)
  if (outcome === 'succeed' && card.decline === null) succeed(tx, intent, hidden, card, card.challenge)
  else decline(tx, intent, hidden, card, card.decline ?? DECLINED)
}

/** Refuses a code that no ISO 4217 table knows; answers it as Stripe writes it, in lower case. */
export function currencyOf(code: string): string {
  if (!CURRENCIES.has(code.toUpperCase())) {
    throw badParameter('currency', 'parameter_invalid_string', `Invalid currency: ${code}.`)
  }
  return code.toLowerCase()
}

/**
 * Asks the bank of `card` for the intent's money. In the order of a real authorisation: a challenge first when the card
 * wants one, then the bank's answer, now or (ordered by the control API) later.
 */
function authorize(tx: Tx, intent: Intent, hidden: Hidden, card: Card, authenticated: boolean): Authorized {
  const cleared = { ...intent, last_payment_error: null, next_action: null }
  if (card.challenge && !authenticated) {
    const redirect_to_url = { url: `${tx.origin}/challenge/${intent.client_secret}`, return_url: hidden.return_url }
    const next_action = { type: 'redirect_to_url', redirect_to_url }
    const next = put(tx, { ...cleared, status: 'requires_action', next_action }, { ...hidden, card: card.name })
    emit(tx, 'payment_intent.requires_action', next)
    return { kind: 'settled', intent: next }
  }
  if (hidden.late !== null) {
    const next = put(tx, { ...cleared, status: 'processing' }, { ...hidden, late: null })
    later(tx, intent.id, hidden.late.after_ms, hidden.late.outcome)
    emit(tx, 'payment_intent.processing', next)
    return { kind: 'settled', intent: next }
  }
  return card.decline === null
    ? { kind: 'settled', intent: succeed(tx, cleared, hidden, card, authenticated) }
    : decline(tx, cleared, hidden, card, card.decline)
}

function succeed(tx: Tx, intent: Intent, hidden: Hidden, card: Card, authenticated: boolean): Intent {
  // 1.5 % and 25 minor units, whatever the currency: a plain figure for a ledger to book, not a price list.
  const fee = Math.floor((intent.amount * 15 + 500) / 1_000) + 25
  const bare = newCharge(tx, intent, card, authenticated)
  const entry = { type: 'charge', amount: bare.amount, fee, source: bare.id } as const
  const charge: Charge = {
    ...bare,
    amount_captured: bare.amount,
    captured: true,
    paid: true,
    status: 'succeeded',
    balance_transaction: balanceTransaction(tx, bare, entry).id,
    disputed: card.disputed,
    outcome: { network_status: 'approved_by_network', risk_level: 'normal', type: 'authorized' },
  }
  const paid = { status: 'succeeded', amount_received: intent.amount, latest_charge: charge.id } as const
  const next = put(tx, { ...intent, ...paid, last_payment_error: null, next_action: null }, hidden)
  tx.store.put('charges', charge, intent.id)
  tx.store.count(intent.currency, { captured: charge.amount, fees: fee })
  emit(tx, 'charge.succeeded', charge)
  emit(tx, 'payment_intent.succeeded', next)
  if (card.disputed) openDispute(tx, charge, { reason: 'fraudulent', amount: charge.amount })
  followIntent(tx, next)
  return next
}

function decline(tx: Tx, intent: Intent, hidden: Hidden, card: Card, why: Decline): Authorized {
  const { code, decline_code, message } = why
  const charge: Charge = {
    ...newCharge(tx, intent, card, card.challenge),
    failure_code: code,
    failure_message: message,
    outcome: { network_status: 'declined_by_network', reason: decline_code, type: 'issuer_declined' },
  }
  tx.store.put('charges', charge, intent.id)
  emit(tx, 'charge.failed', charge)
  const error: StripeErrorBody = { type: 'card_error', code, decline_code, message, charge: charge.id }
  const next = reopen(tx, { ...intent, latest_charge: charge.id }, { ...hidden, card: null }, card, error)
  return { kind: 'declined', intent: next, error }
}

/** The attempt failed, the intent did not: it waits for another payment method. */
function reopen(tx: Tx, intent: Intent, hidden: Hidden, card: Card, error: StripeErrorBody): Intent {
  const payment_method = paymentMethodOf(card, intent.payment_method ?? newId('pm'), tx.now)
  const next = put(
    tx,
    {
      ...intent,
      status: 'requires_payment_method',
      payment_method: null,
      next_action: null,
      last_payment_error: { ...error, payment_method },
    },
    hidden,
  )
  emit(tx, 'payment_intent.payment_failed', next)
  return next
}

/** A charge before the bank has answered. */
function newCharge(tx: Tx, intent: Intent, card: Card, authenticated: boolean): Charge {
  const { amount, currency, description, metadata, payment_method, receipt_email } = intent
  return {
    id: newId('ch'),
    object: 'charge',
    amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null,
    captured: false,
    created: tx.now,
    currency,
    description,
    disputed: false,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata,
    outcome: {},
    paid: false,
    payment_intent: intent.id,
    payment_method,
    payment_method_details: { card: chargedCard(card, tx.now, authenticated), type: 'card' },
    receipt_email,
    refunded: false,
    status: 'failed',
  }
}

function put(tx: Tx, intent: Intent, hidden: Hidden): Intent {
  tx.store.put('payment_intents', intent, null)
  tx.store.hide(intent.id, hidden)
  return intent
}

/** The card of a test token, or the one that is already attached when its id (or nothing) is given. */
function chosenCard(payment_method: string | null, attached: { intent: Intent; hidden: Hidden } | null): Card | null {
  const known = payment_method === null || (attached !== null && payment_method === attached.intent.payment_method)
  const card = known ? cardNamed(attached?.hidden.card ?? '') : cardNamed(payment_method)
  if (card !== undefined) return card
  if (payment_method !== null) throw missing('PaymentMethod', payment_method, 'payment_method', 400)
  return null
}

function noPaymentMethod(): Error {
  return unexpectedState(
    'payment_intent_unexpected_state',
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
  )
}

function notConfirmable(intent: Intent): Error {
  const why =
    intent.status === 'succeeded'
      ? 'it has already succeeded after being previously confirmed'
      : `it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: ${UNCONFIRMED.join(', ')}`
  return unexpectedState('payment_intent_unexpected_state', `You cannot confirm this PaymentIntent because ${why}.`, {
    payment_intent: intent,
  })
}
