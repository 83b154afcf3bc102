import { BLANK_EVENT } from './blanks.ts'
import { newId } from './ids.ts'
import type { Change, EventSubject, EventType, Totals } from './objects.ts'
import type { State } from './state.ts'

/** What verbs need to know of the sandbox around them. */
export type House = {
  state: State
  /** Where a browser reaches us, without a slash at the end: `http://localhost:3010`. */
  publicOrigin: () => string
  /** How long a pending refund stays pending, and how soon the bank returns one that fails. */
  refund_settle_ms: number
  /** True when someone listens to webhooks. */
  listened: () => boolean
}

export type Cause = { id: string | null; idempotency_key: string | null }

/**
 * The changes that one request makes, collected and applied together. A verb checks first and writes last: nothing it
 * `put` is visible in `state` until the commit, and a refusal thrown on the way leaves nothing behind.
 */
export type Tx = {
  house: House
  state: State
  now_ms: number
  /** Unix seconds, as every `created` is. */
  now: number
  cause: Cause
  changes: Change[]
  totals: Map<string, Totals>
}

export function begin(house: House, now_ms: number, cause: Cause): Tx {
  return { house, state: house.state, now_ms, now: Math.floor(now_ms / 1000), cause, changes: [], totals: new Map() }
}

export function put(tx: Tx, ...changes: readonly Change[]): void {
  tx.changes.push(...changes)
}

/** Records an event with the object as it is now; it goes to the webhook endpoint once the transaction is durable. */
export function emit(tx: Tx, type: EventType, object: EventSubject, previous?: Record<string, unknown>): void {
  put(tx, {
    ...BLANK_EVENT,
    id: newId('evt'),
    created: tx.now,
    data: previous === undefined ? { object } : { object, previous_attributes: previous },
    pending_webhooks: tx.house.listened() ? 1 : 0,
    request: tx.cause,
    type,
  })
}

/** Adds to the running totals of a currency (minor units). */
export function count(tx: Tx, currency: string, sums: Partial<Omit<Totals, 'object' | 'id'>>): void {
  const before = tx.totals.get(currency) ?? tx.state.totals.get(currency) ?? zero(currency)
  tx.totals.set(currency, {
    ...before,
    captured: before.captured + (sums.captured ?? 0),
    refunded: before.refunded + (sums.refunded ?? 0),
    fees: before.fees + (sums.fees ?? 0),
    disputed: before.disputed + (sums.disputed ?? 0),
    dispute_fees: before.dispute_fees + (sums.dispute_fees ?? 0),
  })
}

/** All changes, in the order in which they are to be applied. */
export function changesOf(tx: Tx): Change[] {
  return [...tx.changes, ...tx.totals.values()]
}

function zero(currency: string): Totals {
  return { object: 'tessera.totals', id: currency, captured: 0, refunded: 0, fees: 0, disputed: 0, dispute_fees: 0 }
}
