import type { BalanceTransaction, Cause, Charge, Movement, Subject } from './objects.ts'
import { newBalanceTransaction, newEvent } from './objects.ts'
import type { Pending, Store } from './store.ts'

/** One transaction of a request: what verbs read and write, and what becomes known once it has committed. */
export type Tx = {
  store: Store
  now_ms: number
  /** Unix seconds, as every `created` is. */
  now: number
  cause: Cause
  origin: string
  refund_settle_ms: number
  /** True for a type of events that the webhook endpoint subscribes to. */
  listensTo(type: string): boolean
  announced: Pending[]
}

/** Records an event with the object as it is now; it goes to the webhook endpoint once the transaction has committed. */
export function emit(tx: Tx, type: string, object: Subject): void {
  const event = newEvent(tx.now, type, object, tx.listensTo(type) ? 1 : 0, tx.cause)
  tx.store.putEvent(event)
  if (event.pending_webhooks > 0) tx.announced.push({ id: event.id, type })
}

/** Records a movement of the account's balance that a charge causes. */
export function book(tx: Tx, charge: Charge, movement: Movement): BalanceTransaction {
  return tx.store.put(newBalanceTransaction(tx.now, charge, movement))
}
