import {
  type BalanceTransaction,
  type Cause,
  type Charge,
  type Due,
  type Movement,
  newBalanceTransaction,
  newEvent,
  type Subject,
} from './objects.ts'
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
  /** True when webhooks have an endpoint. */
  listened: boolean
  announced: Pending[]
}

/** Records an event with the object as it is now; it goes to the webhook endpoint once the transaction has committed. */
export function emit(tx: Tx, type: string, object: Subject, previous_attributes?: object): void {
  const event = newEvent(tx.now, type, object, tx.listened ? 1 : 0, tx.cause)
  if (previous_attributes !== undefined) event.data.previous_attributes = previous_attributes
  tx.store.putEvent(event)
  if (tx.listened) tx.announced.push({ id: event.id, type })
}

/** The object settles by itself after `after_ms`. */
export function later(tx: Tx, id: string, after_ms: number, outcome: Due['outcome']): void {
  tx.store.setDue({ id, at_ms: tx.now_ms + after_ms, outcome })
}

/** Records a movement of the account's balance that a charge causes. */
export function book(tx: Tx, charge: Charge, movement: Movement): BalanceTransaction {
  const transaction = newBalanceTransaction(tx.now, charge, movement)
  tx.store.put('balance_transactions', transaction, charge.payment_intent)
  return transaction
}
