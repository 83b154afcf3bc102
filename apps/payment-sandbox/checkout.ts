import { cancelIntent, confirmIntent, createIntent } from './intent.ts'
import { type Hidden, type Intent, newSession, type Session, type SessionTerms } from './objects.ts'
import { badParameter, unexpectedState } from './refusal.ts'
import { emit, type Tx } from './transaction.ts'

const EXPIRES_MIN_S = 30 * 60
const EXPIRES_MAX_S = 24 * 3_600

type IntentData = NonNullable<Hidden['intent_data']>

/** Opens a page on which the amount can be paid. Its intent is made when the buyer first tries to. */
export function createSession(
  tx: Tx,
  terms: SessionTerms,
  intent_data: IntentData,
  expires_at: number | null,
): Session {
  const lifetime_s = (expires_at ?? tx.now + EXPIRES_MAX_S) - tx.now
  if (lifetime_s < EXPIRES_MIN_S || lifetime_s > EXPIRES_MAX_S) {
    const message = 'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.'
    throw badParameter('expires_at', 'parameter_invalid_integer', message)
  }
  const session = newSession(tx.now, terms, tx.now + lifetime_s, tx.origin)
  return tx.store.put(session, { return_url: null, card: null, late: null, intent_data })
}

/** The session as it is now: one whose time is over expires when somebody looks at it. */
export function sessionAt(tx: Tx, id: string): Session | undefined {
  const session = tx.store.get('checkout_sessions', id)
  if (session?.status !== 'open' || tx.now < session.expires_at) return session
  return intentOf(tx, session)?.status === 'processing' ? session : expire(tx, session)
}

/** Closes the page: nobody can pay there any more. Refused when it was paid or closed before. */
export function expireSession(tx: Tx, session: Session): Session {
  if (session.status === 'open') return expire(tx, session)
  const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`
  throw unexpectedState('checkout_session_not_open', message)
}

/** Tries a card on the page. The caller has seen that the session is open. */
export function payInSession(tx: Tx, session: Session, payment_method: string): Intent {
  const { amount_total: amount, currency, success_url: return_url } = session
  let intent = intentOf(tx, session)
  if (intent === undefined) {
    const { intent_data } = tx.store.hidden(session.id)
    const base = { amount, currency, description: null, metadata: {} }
    intent = createIntent(tx, { ...base, ...intent_data }, { payment_method: null, return_url })
    tx.store.put({ ...session, payment_intent: intent.id })
  }
  return confirmIntent(tx, intent, { payment_method, return_url })
}

export function intentOf(tx: Pick<Tx, 'store'>, session: Session): Intent | undefined {
  return session.payment_intent === null ? undefined : tx.store.get('payment_intents', session.payment_intent)
}

function expire(tx: Tx, session: Session): Session {
  const intent = intentOf(tx, session)
  if (intent !== undefined) cancelIntent(tx, intent, null)
  const next = tx.store.put<Session>({ ...session, status: 'expired', url: null })
  emit(tx, 'checkout.session.expired', next)
  return next
}
