import { isCurrency } from '@tessera/contracts/money'
import { type Card, cardNamed, DECLINED, type Decline, paymentMethodOf } from './cards.ts'
import { openDispute } from './dispute.ts'
import { newId } from './ids.ts'
import {
  type Charge,
  type Hidden,
  type Intent,
  type LateOutcome,
  newCharge,
  newIntent,
  type Session,
  type Terms,
} from './objects.ts'
import { badParameter, missing, type StripeErrorBody, unexpectedState } from './refusal.ts'
import { book, emit, later, type Tx } from './transaction.ts'

/** Twelve digits: more than Stripe takes for any currency, and safe to sum in a float for as long as a sandbox lives. */
export const AMOUNT_MAX = 999_999_999_999

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').filter(isCurrency))
const UNCONFIRMED: readonly Intent['status'][] = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/** `error`: the bank refused. Stripe answers 402 with the intent inside, and the intent may be tried again. */
export type Authorized = { intent: Intent; error: StripeErrorBody | null }
export type NewIntent = { terms: Terms; return_url: string | null; payment_method: string | null; confirm: boolean }

/** Makes an intent; with a payment method it waits for its confirmation, with `confirm` it is tried at once. */
export function createIntent(tx: Tx, { terms, return_url, payment_method, confirm }: NewIntent): Authorized {
  const card = payment_method === null ? null : chosenCard(payment_method, null)
  if (confirm && card === null) throw noPaymentMethod()
  const intent = newIntent(tx.now, terms, card === null ? null : newId('pm'))
  const hidden = { return_url, card: card?.name ?? null, late: null }
  put(tx, intent, hidden)
  emit(tx, 'payment_intent.created', intent)
  return confirm && card !== null ? authorize(tx, intent, hidden, card, false) : { intent, error: null }
}

export type Confirmation = Record<'payment_method' | 'return_url' | 'receipt_email', string | null>

/** Tries to take the money. Refused when it is taken, under way or given up; a declined try leaves the intent open. */
export function confirmIntent(tx: Tx, intent: Intent, input: Confirmation): Authorized {
  checkUnconfirmed(intent, 'confirm this PaymentIntent')
  const hidden = tx.store.hidden(intent.id)
  const card = chosenCard(input.payment_method, { intent, hidden })
  if (card === null) throw noPaymentMethod()
  const attached: Intent = {
    ...intent,
    payment_method: input.payment_method === null ? intent.payment_method : newId('pm'),
    receipt_email: input.receipt_email ?? intent.receipt_email,
  }
  const known = { ...hidden, card: card.name, return_url: input.return_url ?? hidden.return_url }
  return authorize(tx, attached, known, card, false)
}

/** The buyer has answered the bank's challenge. Refused when there is none. */
export function answerChallenge(tx: Tx, intent: Intent, answer: 'complete' | 'fail'): Authorized {
  const hidden = tx.store.hidden(intent.id)
  const card = cardNamed(hidden.card)
  if (intent.status !== 'requires_action' || card === undefined) {
    throw unexpected(`This PaymentIntent waits for no challenge: it is ${intent.status}.`, { payment_intent: intent })
  }
  if (answer === 'complete') return authorize(tx, intent, hidden, card, true)
  const error: StripeErrorBody = {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message: 'The provided payment method has failed authentication. Provide a new payment method to try again.',
  }
  return { intent: reopen(tx, intent, hidden, card, error), error: null }
}

/** What is undefined stays. */
export type IntentUpdate = { [K in keyof Terms]: Terms[K] | undefined } & { payment_method: string | undefined }

/** Text and metadata may change at any time, amount, currency and payment method only before a confirmation. */
export function updateIntent(tx: Tx, intent: Intent, { payment_method, ...update }: IntentUpdate): Intent {
  const { amount = intent.amount, currency = intent.currency, metadata = intent.metadata } = update
  const { description = intent.description, receipt_email = intent.receipt_email } = update
  const params = { amount: update.amount, currency: update.currency, payment_method }
  const [param] = Object.entries(params).find(([, value]) => value !== undefined) ?? []
  if (param !== undefined) checkUnconfirmed(intent, `update the ${param} of this PaymentIntent`, param)
  const hidden = tx.store.hidden(intent.id)
  const text = { description: description || null, receipt_email: receipt_email || null }
  const next = { ...intent, amount, currency, metadata, ...text }
  if (payment_method === undefined) return put(tx, next, hidden)
  const card = chosenCard(payment_method, { intent, hidden })
  const attached = { payment_method: newId('pm'), status: 'requires_confirmation' } as const
  return put(tx, { ...next, ...attached }, { ...hidden, card: card?.name ?? null })
}

/** Gives the intent up. Refused once money moves or has moved: a `processing` intent can still succeed. */
export function cancelIntent(tx: Tx, intent: Intent, cancellation_reason: Intent['cancellation_reason']): Intent {
  checkUnconfirmed(intent, 'cancel this PaymentIntent')
  const given_up = { status: 'canceled', canceled_at: tx.now, cancellation_reason, next_action: null } as const
  const next = put(tx, { ...intent, ...given_up }, tx.store.hidden(intent.id))
  emit(tx, 'payment_intent.canceled', next)
  return next
}

/** Orders the next authorization of an intent to answer `processing` now and its outcome only later. */
export function postponeOutcome(tx: Tx, intent: Intent, late: LateOutcome): void {
  checkUnconfirmed(intent, 'postpone the outcome of this PaymentIntent')
  put(tx, intent, { ...tx.store.hidden(intent.id), late })
}

/** The postponed answer of the bank has come. */
export function settleLate(tx: Tx, intent: Intent, outcome: LateOutcome['outcome']): void {
  const hidden = tx.store.hidden(intent.id)
  const card = cardNamed(hidden.card)
  if (card === undefined) throw new Error(`${intent.id} is processing without a card`)
  if (outcome === 'succeed' && card.decline === null) succeed(tx, intent, hidden, card, card.challenge)
  else decline(tx, intent, hidden, card, card.decline ?? DECLINED)
}

/** Refuses a code that is not in ISO 4217; answers it as Stripe writes it, in lower case. */
export function currencyOf(code: string): string {
  if (CURRENCIES.has(code.toUpperCase())) return code.toLowerCase()
  throw badParameter('currency', 'parameter_invalid_string', `Invalid currency: ${code}.`)
}

/** The session whose page made the intent, if one did. */
export function sessionOf(tx: Pick<Tx, 'store'>, intent: Intent): Session | undefined {
  return tx.store.of('checkout_sessions', intent.id)[0]
}

/**
 * Asks the bank of `card` for the intent's money. In the order of a real authorization: a challenge first when the card
 * wants one, then the bank's answer, now or (ordered by the control API) later.
 */
function authorize(tx: Tx, intent: Intent, hidden: Hidden, card: Card, authenticated: boolean): Authorized {
  const cleared = { ...intent, last_payment_error: null, next_action: null }
  if (card.challenge && !authenticated) {
    const redirect_to_url = { url: `${tx.origin}/challenge/${intent.client_secret}`, return_url: hidden.return_url }
    const next_action = { type: 'redirect_to_url', redirect_to_url }
    const next = put(tx, { ...cleared, status: 'requires_action', next_action }, hidden)
    emit(tx, 'payment_intent.requires_action', next)
    return { intent: next, error: null }
  }
  if (hidden.late !== null) {
    const next = put(tx, { ...cleared, status: 'processing' }, { ...hidden, late: null })
    later(tx, intent.id, hidden.late.after_ms, hidden.late.outcome)
    emit(tx, 'payment_intent.processing', next)
    return { intent: next, error: null }
  }
  return card.decline === null
    ? { intent: succeed(tx, cleared, hidden, card, authenticated), error: null }
    : decline(tx, cleared, hidden, card, card.decline)
}

function succeed(tx: Tx, intent: Intent, hidden: Hidden, card: Card, authenticated: boolean): Intent {
  const { amount } = intent
  // 1.5 % and 25 minor units, whatever the currency: a plain figure for a ledger to book, not a price list.
  const fee = Math.floor((amount * 15 + 500) / 1_000) + 25
  const attempt = newCharge(tx.now, intent, card, authenticated)
  const movement = { type: 'charge', reporting_category: 'charge', amount, fee, source: attempt.id } as const
  const charge: Charge = {
    ...attempt,
    amount_captured: amount,
    captured: true,
    paid: true,
    status: 'succeeded',
    balance_transaction: book(tx, attempt, movement).id,
    outcome: { network_status: 'approved_by_network', risk_level: 'normal', type: 'authorized' },
  }
  const paid = { status: 'succeeded', amount_received: amount, latest_charge: charge.id } as const
  const next = put(tx, { ...intent, ...paid }, hidden)
  tx.store.put('charges', charge, intent.id)
  tx.store.count(intent.currency, { captured: amount, fees: fee })
  emit(tx, 'charge.succeeded', charge)
  emit(tx, 'payment_intent.succeeded', next)
  if (card.disputed) openDispute(tx, charge, { reason: 'fraudulent', amount })
  completeSession(tx, next)
  return next
}

function completeSession(tx: Tx, intent: Intent): void {
  const session = sessionOf(tx, intent)
  if (session?.status !== 'open') return
  const next: Session = { ...session, status: 'complete', payment_status: 'paid', url: null }
  tx.store.put('checkout_sessions', next, intent.id)
  emit(tx, 'checkout.session.completed', next)
}

function decline(tx: Tx, intent: Intent, hidden: Hidden, card: Card, why: Decline): Authorized {
  const { code, decline_code, message } = why
  const charge: Charge = {
    ...newCharge(tx.now, intent, card, card.challenge),
    failure_code: code,
    failure_message: message,
    outcome: { network_status: 'declined_by_network', reason: decline_code, type: 'issuer_declined' },
  }
  tx.store.put('charges', charge, intent.id)
  emit(tx, 'charge.failed', charge)
  const error: StripeErrorBody = { type: 'card_error', code, decline_code, message, charge: charge.id }
  return { intent: reopen(tx, { ...intent, latest_charge: charge.id }, hidden, card, error), error }
}

/** The attempt failed, the intent did not: it waits for another payment method. */
function reopen(tx: Tx, intent: Intent, hidden: Hidden, card: Card, error: StripeErrorBody): Intent {
  const payment_method = paymentMethodOf(card, intent.payment_method ?? newId('pm'), tx.now)
  const last_payment_error = { ...error, payment_method }
  const open = { status: 'requires_payment_method', payment_method: null, next_action: null } as const
  const next = put(tx, { ...intent, ...open, last_payment_error }, { ...hidden, card: null })
  emit(tx, 'payment_intent.payment_failed', next)
  return next
}

function put(tx: Tx, intent: Intent, hidden: Hidden): Intent {
  tx.store.put('payment_intents', intent, null, hidden)
  return intent
}

/** The card of a test token, or the one that is already attached when its id (or nothing) is given. */
function chosenCard(payment_method: string | null, attached: { intent: Intent; hidden: Hidden } | null): Card | null {
  const known = payment_method === null || payment_method === attached?.intent.payment_method
  const card = cardNamed(known ? (attached?.hidden.card ?? null) : payment_method)
  if (card === undefined && payment_method !== null)
    throw missing('PaymentMethod', payment_method, 'payment_method', 400)
  return card ?? null
}

function noPaymentMethod(): Error {
  return unexpected("You cannot confirm this PaymentIntent because it's missing a payment method.")
}

function checkUnconfirmed(intent: Intent, what: string, param?: string): void {
  if (UNCONFIRMED.includes(intent.status)) return
  const message = `You cannot ${what} because it has a status of ${intent.status}. It must be one of: ${UNCONFIRMED.join(', ')}.`
  throw unexpected(message, { payment_intent: intent, ...(param === undefined ? {} : { param }) })
}

function unexpected(message: string, more: Partial<StripeErrorBody> = {}): Error {
  return unexpectedState('payment_intent_unexpected_state', message, more)
}
