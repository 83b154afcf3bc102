import { API_VERSION, type Cause, type Due, newId, type Subject } from './objects.ts'
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
  /** True when someone listens to webhooks. */
  listened: boolean
  announced: Pending[]
  dues: Due[]
}

/** Records an event with the object as it is now; it goes to the webhook endpoint once the transaction has committed. */
export function emit(tx: Tx, type: string, object: Subject, previous?: object): void {
  const id = newId('evt')
  tx.store.putEvent({
    id,
    object: 'event',
    api_version: API_VERSION,
    created: tx.now,
    data: previous === undefined ? { object } : { object, previous_attributes: previous },
    livemode: false,
    pending_webhooks: tx.listened ? 1 : 0,
    request: tx.cause,
    type,
  })
  if (tx.listened) tx.announced.push({ id, type })
}

/** Something happens to the object by itself after `after_ms`. */
export function later(tx: Tx, id: string, after_ms: number, outcome: Due['outcome']): void {
  const due = { id, at_ms: tx.now_ms + after_ms, outcome }
  tx.store.setDue(due)
  tx.dues.push(due)
}
