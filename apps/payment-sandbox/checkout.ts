import { type Authorized, cancelIntent, confirmIntent, createIntent } from './intent.ts'
import { type Hidden, type Intent, newId, type Session } from './objects.ts'
import { badParameter, unexpectedState } from './refusal.ts'
import { emit, type Tx } from './transaction.ts'

const EXPIRES_MIN_S = 30 * 60
const EXPIRES_MAX_S = 24 * 3_600

export type NewSession = Pick<
  Session,
  'amount_total' | 'currency' | 'cancel_url' | 'client_reference_id' | 'customer_email' | 'metadata' | 'success_url'
> & { expires_at: number | null; intent_data: NonNullable<Hidden['intent_data']> }

/** Opens a page of ours on which the amount can be paid. Its intent is made when the buyer first tries to. */
export function createSession(tx: Tx, input: NewSession): Session {
  const { intent_data, expires_at, ...given } = input
  const lifetime_s = (expires_at ?? tx.now + EXPIRES_MAX_S) - tx.now
  if (lifetime_s < EXPIRES_MIN_S || lifetime_s > EXPIRES_MAX_S) {
    const message = 'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.'
    throw badParameter('expires_at', 'parameter_invalid_integer', message)
  }
  const id = newId('cs')
  const session: Session = {
    ...given,
    id,
    object: 'checkout.session',
    created: tx.now,
    expires_at: tx.now + lifetime_s,
    livemode: false,
    mode: 'payment',
    payment_intent: null,
    payment_status: 'unpaid',
    status: 'open',
    ui_mode: 'hosted_page',
    url: `${tx.origin}/c/pay/${id}`,
  }
  tx.store.put('checkout_sessions', session, null)
  tx.store.hide(id, { return_url: null, card: null, late: null, intent_data })
  return session
}

/** The session as it is now: one whose time is over expires when somebody looks at it. */
export function sessionAt(tx: Tx, id: string): Session | undefined {
  const session = tx.store.get('checkout_sessions', id)
  if (session?.status !== 'open' || tx.now < session.expires_at) return session
  return intentOf(tx, session)?.status === 'processing' ? session : expire(tx, session)
}

/** Closes the page: nobody can pay there any more. Refused when it was paid or closed before. */
export function expireSession(tx: Tx, session: Session): Session {
  if (session.status !== 'open') {
    const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`
    throw unexpectedState('checkout_session_not_open', message)
  }
  return expire(tx, session)
}

/** Tries a card on the page. The caller has seen that the session is open. */
export function payInSession(tx: Tx, session: Session, payment_method: string): Authorized {
  const confirmation = { payment_method, return_url: session.success_url, receipt_email: null }
  const known = intentOf(tx, session)
  if (known !== undefined) return confirmIntent(tx, known, confirmation)
  const { intent_data } = tx.store.hidden(session.id)
  const made = createIntent(tx, {
    amount: session.amount_total,
    currency: session.currency,
    description: null,
    receipt_email: session.customer_email,
    metadata: {},
    ...intent_data,
    automatic_payment_methods: null,
    payment_method_types: ['card'],
    capture_method: 'automatic_async',
    return_url: session.success_url,
    payment_method: null,
    confirm: false,
  })
  tx.store.put('checkout_sessions', { ...session, payment_intent: made.intent.id }, made.intent.id)
  return confirmIntent(tx, made.intent, confirmation)
}

export function intentOf(tx: Pick<Tx, 'store'>, session: Session): Intent | undefined {
  return session.payment_intent === null ? undefined : tx.store.get('payment_intents', session.payment_intent)
}

function expire(tx: Tx, session: Session): Session {
  const next: Session = { ...session, status: 'expired', url: null }
  tx.store.put('checkout_sessions', next, session.payment_intent)
  const intent = intentOf(tx, session)
  if (intent !== undefined) cancelIntent(tx, intent, null)
  emit(tx, 'checkout.session.expired', next)
  return next
}
