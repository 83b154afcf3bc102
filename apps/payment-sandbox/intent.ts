import { isCurrency } from '@tessera/contracts/money'
import { type Card, cardNamed, cardOf, DECLINED, type Decline } from './cards.ts'
import { openDispute } from './dispute.ts'
import type { Hidden, Intent, LateOutcome, Session, Terms } from './objects.ts'
import { newCharge, newId, newIntent } from './objects.ts'
import { badParameter, missing, type StripeErrorBody, unexpectedState } from './refusal.ts'
import { book, emit, type Tx } from './transaction.ts'

/** Twelve digits: more than Stripe takes for any currency, and safe to sum in a float for as long as a sandbox lives. */
export const AMOUNT_MAX = 999_999_999_999

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').filter(isCurrency))
const UNCONFIRMED: readonly Intent['status'][] = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/** What a buyer pays with, and where the bank's question leads back to; null = as known. */
export type Confirmation = { payment_method: string | null; return_url: string | null }

/** Makes an intent; with a payment method it waits for its confirmation. */
export function createIntent(tx: Tx, terms: Terms, { payment_method, return_url }: Confirmation): Intent {
  const card = payment_method === null ? null : chosenCard(payment_method)
  const intent = newIntent(tx.now, terms, card === null ? null : newId('pm'))
  return change(tx, 'payment_intent.created', intent, { return_url, card: card?.name ?? null, late: null })
}

/**
 * Tries to take the money. Refused when it is taken, under way or given up. A declined try leaves the intent open, with
 * the reason in `last_payment_error`.
 */
export function confirmIntent(tx: Tx, intent: Intent, input: Confirmation): Intent {
  checkUnconfirmed(intent, 'confirm this PaymentIntent')
  const hidden = tx.store.hidden(intent.id)
  const { payment_method } = input
  const return_url = input.return_url ?? hidden.return_url
  const known = payment_method === null || payment_method === intent.payment_method
  const name = known ? hidden.card : payment_method
  if (name === null) throw unexpected("You cannot confirm this PaymentIntent because it's missing a payment method.")
  const card = chosenCard(name)
  const attached = payment_method === null ? intent : { ...intent, payment_method: newId('pm') }
  return authorize(tx, attached, { ...hidden, card: card.name, return_url }, card, false)
}

/** The buyer has answered the bank's challenge. Refused when there is none. */
export function answerChallenge(tx: Tx, intent: Intent, answer: 'complete' | 'fail'): Intent {
  const hidden = tx.store.hidden(intent.id)
  const card = cardNamed(hidden.card)
  if (intent.status !== 'requires_action' || card === undefined) {
    throw unexpected(`This PaymentIntent waits for no challenge: it is ${intent.status}.`, { payment_intent: intent })
  }
  if (answer === 'complete') return authorize(tx, intent, hidden, card, true)
  return reopen(tx, intent, hidden, card, {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message: 'The provided payment method has failed authentication. Provide a new payment method to try again.',
  })
}

/** Gives the intent up. Refused once money moves or has moved: a `processing` intent can still succeed. */
export function cancelIntent(tx: Tx, intent: Intent, cancellation_reason: Intent['cancellation_reason']): Intent {
  checkUnconfirmed(intent, 'cancel this PaymentIntent')
  return change(tx, 'payment_intent.canceled', {
    ...intent,
    status: 'canceled',
    canceled_at: tx.now,
    cancellation_reason,
    next_action: null,
  })
}

/** Orders the next authorization of an intent to answer `processing` now and its outcome only later. */
export function postponeOutcome(tx: Tx, intent: Intent, late: LateOutcome): void {
  checkUnconfirmed(intent, 'postpone the outcome of this PaymentIntent')
  tx.store.put(intent, { ...tx.store.hidden(intent.id), late })
}

/** The postponed answer of the bank has come. */
export function settleLate(tx: Tx, intent: Intent, outcome: LateOutcome['outcome']): void {
  const hidden = tx.store.hidden(intent.id)
  const card = cardNamed(hidden.card)
  if (card === undefined) throw new Error(`${intent.id} is processing without a card`)
  if (outcome === 'succeed' && card.decline === null) succeed(tx, intent, hidden, card)
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
function authorize(tx: Tx, intent: Intent, hidden: Hidden, card: Card, authenticated: boolean): Intent {
  const cleared = { ...intent, last_payment_error: null, next_action: null }
  if (card.challenge && !authenticated) {
    const url = `${tx.origin}/challenge/${intent.client_secret}`
    const next_action = { type: 'redirect_to_url', redirect_to_url: { url, return_url: hidden.return_url } }
    return change(tx, 'payment_intent.requires_action', { ...cleared, status: 'requires_action', next_action }, hidden)
  }
  if (hidden.late !== null) {
    const { after_ms, outcome } = hidden.late
    tx.store.setDue({ id: intent.id, at_ms: tx.now_ms + after_ms, outcome })
    return change(tx, 'payment_intent.processing', { ...cleared, status: 'processing' }, { ...hidden, late: null })
  }
  return card.decline === null ? succeed(tx, cleared, hidden, card) : decline(tx, cleared, hidden, card, card.decline)
}

function succeed(tx: Tx, intent: Intent, hidden: Hidden, card: Card): Intent {
  const { amount } = intent
  // 1.5 % and 25 minor units, whatever the currency: a plain figure for a ledger to book, not a price list.
  const fee = Math.floor((amount * 15 + 500) / 1_000) + 25
  const charge = newCharge(tx.now, intent, cardOf(card, tx.now), null)
  const movement = { reporting_category: 'charge', amount, fee, source: charge.id } as const
  charge.balance_transaction = book(tx, charge, movement).id
  const next = tx.store.put<Intent>(
    { ...intent, status: 'succeeded', amount_received: amount, latest_charge: charge.id },
    hidden,
  )
  tx.store.put(charge)
  emit(tx, 'charge.succeeded', charge)
  emit(tx, 'payment_intent.succeeded', next)
  if (card.disputed) openDispute(tx, charge, { reason: 'fraudulent', amount })
  const session = sessionOf(tx, next)
  if (session?.status === 'open') {
    const complete = tx.store.put<Session>({ ...session, status: 'complete', payment_status: 'paid', url: null })
    emit(tx, 'checkout.session.completed', complete)
  }
  return next
}

function decline(tx: Tx, intent: Intent, hidden: Hidden, card: Card, why: Decline): Intent {
  const charge = newCharge(tx.now, intent, cardOf(card, tx.now), why)
  tx.store.put(charge)
  emit(tx, 'charge.failed', charge)
  const error = { type: 'card_error', ...why, charge: charge.id } as const
  return reopen(tx, { ...intent, latest_charge: charge.id }, hidden, card, error)
}

/** The attempt failed, the intent did not: it waits for another payment method. */
function reopen(tx: Tx, intent: Intent, hidden: Hidden, card: Card, error: StripeErrorBody): Intent {
  const id = intent.payment_method ?? newId('pm')
  const payment_method = { id, object: 'payment_method', type: 'card', card: cardOf(card, tx.now) }
  const open: Intent = {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: { ...error, payment_method },
  }
  return change(tx, 'payment_intent.payment_failed', open, { ...hidden, card: null })
}

function change(tx: Tx, event: string, intent: Intent, hidden?: Hidden): Intent {
  emit(tx, event, tx.store.put(intent, hidden))
  return intent
}

/** The card of a test token. */
function chosenCard(name: string): Card {
  const card = cardNamed(name)
  if (card === undefined) throw missing('PaymentMethod', name, 'payment_method', 400)
  return card
}

function checkUnconfirmed(intent: Intent, what: string): void {
  if (UNCONFIRMED.includes(intent.status)) return
  const message = `You cannot ${what} because it has a status of ${intent.status}. It must be one of: ${UNCONFIRMED.join(', ')}.`
  throw unexpected(message, { payment_intent: intent })
}

function unexpected(message: string, more: Partial<StripeErrorBody> = {}): Error {
  return unexpectedState('payment_intent_unexpected_state', message, more)
}
