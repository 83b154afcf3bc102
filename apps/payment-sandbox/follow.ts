import type { Intent, Session } from './objects.ts'
import { emit, type Tx } from './transaction.ts'

/** Completes the session of an intent that is paid, if it has one. */
export function followIntent(tx: Tx, intent: Intent): void {
  const session = sessionOf(tx, intent)
  if (session?.status !== 'open' || intent.status !== 'succeeded') return
  const next: Session = { ...session, status: 'complete', payment_status: 'paid', url: null }
  tx.store.put('checkout_sessions', next, intent.id)
  emit(tx, 'checkout.session.completed', next)
}

export function sessionOf(tx: Pick<Tx, 'store'>, intent: Intent): Session | undefined {
  return tx.store.of('checkout_sessions', intent.id)[0]
}
