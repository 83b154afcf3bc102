import { isCurrency } from '@tessera/contracts/money'
import { type Authorized, authorize, failChallenge } from './authorize.ts'
import { BLANK_INTENT } from './blanks.ts'
import { type Card, cardNamed } from './cards.ts'
import { newId, randomText } from './ids.ts'
import type { Backstage, Intent, LateOutcome } from './objects.ts'
import { badParameter, missing, unexpectedState } from './refusal.ts'
import { emit, put, type Tx } from './transaction.ts'

/** Twelve digits: more than Stripe takes for any currency, and safe to sum in a float for as long as a sandbox lives. */
export const AMOUNT_MAX = 999_999_999_999

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').filter(isCurrency))

const CONFIRMABLE: readonly Intent['status'][] = ['requires_payment_method', 'requires_confirmation', 'requires_action']
const CANCELABLE = CONFIRMABLE

export type NewIntent = {
  amount: number
  currency: string
  metadata: Record<string, string>
  description: string | null
  receipt_email: string | null
  statement_descriptor: string | null
  statement_descriptor_suffix: string | null
  transfer_group: string | null
  return_url: string | null
  automatic_payment_methods: Intent['automatic_payment_methods']
  payment_method_types: string[]
  capture_method: 'automatic' | 'automatic_async'
  payment_method: string | null
  confirm: boolean
}

/** Makes an intent; with a payment method it waits for its confirmation, with `confirm` it is tried at once. */
export function createIntent(tx: Tx, input: NewIntent): Authorized {
  const { payment_method, confirm, return_url, ...given } = input
  const id = newId('pi')
  const card = payment_method === null ? null : chosenCard(payment_method, null)
  const intent: Intent = {
    ...BLANK_INTENT,
    ...given,
    id,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: tx.now,
    payment_method: card === null ? null : newId('pm'),
    status: card === null ? 'requires_payment_method' : 'requires_confirmation',
  }
  const back: Backstage = {
    object: 'tessera.backstage',
    id,
    return_url,
    card: card?.name ?? null,
    late: null,
    parts: [],
  }
  if (confirm && card === null) throw noPaymentMethod()
  put(tx, intent, back)
  emit(tx, 'payment_intent.created', intent)
  if (!confirm || card === null) return { kind: 'settled', intent }
  return authorize(tx, intent, back, card, false)
}

/** Tries to take the money. Refused when it is taken, under way or given up; a declined try leaves the intent open. */
export function confirmIntent(
  tx: Tx,
  intent: Intent,
  input: { payment_method: string | null; return_url: string | null; receipt_email: string | null },
): Authorized {
  if (!CONFIRMABLE.includes(intent.status)) throw notConfirmable(intent)
  const back = backstageOf(tx, intent)
  const card = chosenCard(input.payment_method, { intent, back })
  if (card === null) throw noPaymentMethod()
  const attached: Intent = {
    ...intent,
    payment_method:
      input.payment_method === null && intent.payment_method !== null ? intent.payment_method : newId('pm'),
    receipt_email: input.receipt_email ?? intent.receipt_email,
  }
  return authorize(
    tx,
    attached,
    { ...back, card: card.name, return_url: input.return_url ?? back.return_url },
    card,
    false,
  )
}

/** The buyer's bank has asked the buyer, who said yes or did not. Refused when nothing was asked. */
export function answerChallenge(tx: Tx, intent: Intent, answer: 'complete' | 'fail'): Authorized {
  const back = backstageOf(tx, intent)
  const card = cardNamed(back.card ?? '')
  if (intent.status !== 'requires_action' || card === undefined) {
    throw unexpectedState(
      'payment_intent_unexpected_state',
      `This PaymentIntent waits for no challenge: it is ${intent.status}.`,
    )
  }
  return answer === 'complete'
    ? authorize(tx, intent, back, card, true)
    : { kind: 'settled', intent: failChallenge(tx, intent, back, card) }
}

export type IntentUpdate = Partial<Pick<Intent, 'amount' | 'currency' | 'description' | 'receipt_email'>> & {
  metadata: Record<string, string>
  payment_method?: string
}

/** Words may change at any time, money and means only before a confirmation. */
export function updateIntent(tx: Tx, intent: Intent, update: IntentUpdate): Intent {
  const { payment_method, ...fields } = update
  const touchesMoney = update.amount !== undefined || update.currency !== undefined || payment_method !== undefined
  if (touchesMoney && !CONFIRMABLE.includes(intent.status)) {
    const what = update.amount !== undefined ? 'amount' : update.currency !== undefined ? 'currency' : 'payment_method'
    throw unexpectedState(
      'payment_intent_unexpected_state',
      `This PaymentIntent's ${what} could not be updated because it has a status of ${intent.status}. You may only update the ${what} of a PaymentIntent with one of the following statuses: ${CONFIRMABLE.join(', ')}.`,
      { param: what, payment_intent: intent },
    )
  }
  const next: Intent = { ...intent, ...fields }
  if (payment_method !== undefined) {
    const back = backstageOf(tx, intent)
    const card = chosenCard(payment_method, { intent, back })
    next.payment_method = newId('pm')
    next.status = 'requires_confirmation'
    put(tx, { ...back, card: card?.name ?? null })
  }
  put(tx, next)
  return next
}

/** Gives the intent up. Refused once money moves or has moved: a `processing` intent can still succeed. */
export function cancelIntent(tx: Tx, intent: Intent, reason: Intent['cancellation_reason']): Intent {
  if (!CANCELABLE.includes(intent.status)) {
    throw unexpectedState(
      'payment_intent_unexpected_state',
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELABLE.join(', ')}.`,
      { payment_intent: intent },
    )
  }
  const next: Intent = {
    ...intent,
    status: 'canceled',
    canceled_at: tx.now,
    cancellation_reason: reason,
    next_action: null,
  }
  put(tx, next)
  emit(tx, 'payment_intent.canceled', next)
  return next
}

/** Arms the next authorisation of an intent to answer `processing` now and its outcome only later. */
export function postponeOutcome(tx: Tx, intent: Intent, late: LateOutcome): void {
  if (!CONFIRMABLE.includes(intent.status)) throw notConfirmable(intent)
  put(tx, { ...backstageOf(tx, intent), late })
}

export function backstageOf(tx: Tx, intent: Intent): Backstage {
  const back = tx.state.backstage.get(intent.id)
  if (back === undefined) throw new Error(`${intent.id} has no backstage`)
  return back
}

/** Refuses a code that no ISO 4217 table knows; answers it as Stripe writes it, in lower case. */
export function currencyOf(code: string): string {
  if (!CURRENCIES.has(code.toUpperCase())) {
    throw badParameter('currency', 'parameter_invalid_string', `Invalid currency: ${code}.`)
  }
  return code.toLowerCase()
}

/** The card of a test token, or the one that is already attached when its id (or nothing) is given. */
function chosenCard(payment_method: string | null, attached: { intent: Intent; back: Backstage } | null): Card | null {
  const known = payment_method === null || (attached !== null && payment_method === attached.intent.payment_method)
  const card = known ? cardNamed(attached?.back.card ?? '') : cardNamed(payment_method)
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
      : `it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: ${CONFIRMABLE.join(', ')}`
  return unexpectedState('payment_intent_unexpected_state', `You cannot confirm this PaymentIntent because ${why}.`, {
    payment_intent: intent,
  })
}
