import type {
  ApiObject,
  Backstage,
  BalanceTransaction,
  Change,
  Charge,
  Dispute,
  Due,
  Intent,
  Refund,
  Remembered,
  StripeEvent,
  Totals,
} from './objects.ts'
import { Shelf } from './shelf.ts'

/** Everything the sandbox knows. It changes by `apply` alone, in memory and when the journal is read back. */
export type State = {
  limits: Limits
  intents: Shelf<Intent>
  charges: Shelf<Charge>
  refunds: Shelf<Refund>
  transactions: Shelf<BalanceTransaction>
  disputes: Shelf<Dispute>
  events: Shelf<StripeEvent>
  backstage: Map<string, Backstage>
  dues: Map<string, Due>
  /** Oldest first: Map keeps the order of insertion. */
  remembered: Map<string, Remembered>
  totals: Map<string, Totals>
  /** Ids of the events that no endpoint has acknowledged yet, oldest first. */
  undelivered: Set<string>
}

/** How much is kept in memory (and so in the journal); beyond it the oldest goes. Totals are never dropped. */
export type Limits = { intents_max: number; events_max: number; idempotency_keys_max: number }

export const LIMITS: Limits = { intents_max: 60_000, events_max: 120_000, idempotency_keys_max: 60_000 }

/** Stripe forgets a key after a day; so do we, when it is next looked at or the journal is compacted. */
export const IDEMPOTENCY_TTL_MS = 24 * 3_600_000

const EVICTION_LOOKAHEAD = 64

export function emptyState(limits: Limits): State {
  return {
    limits,
    intents: new Shelf(),
    charges: new Shelf(),
    refunds: new Shelf(),
    transactions: new Shelf(),
    disputes: new Shelf(),
    events: new Shelf(),
    backstage: new Map(),
    dues: new Map(),
    remembered: new Map(),
    totals: new Map(),
    undelivered: new Set(),
  }
}

export function clear(state: State): void {
  for (const shelf of [state.intents, state.charges, state.refunds, state.transactions, state.disputes, state.events]) {
    shelf.clear()
  }
  for (const map of [state.backstage, state.dues, state.remembered, state.totals, state.undelivered]) map.clear()
}

/** Every change is the whole new value of one thing, so that applying it twice is applying it once. */
export function apply(state: State, change: Change): void {
  switch (change.object) {
    case 'payment_intent':
      state.intents.put(change)
      if (state.intents.size > state.limits.intents_max) evictIntent(state)
      return
    case 'charge':
      return state.charges.put(change)
    case 'refund':
      return state.refunds.put(change)
    case 'balance_transaction':
      return state.transactions.put(change)
    case 'dispute':
      return state.disputes.put(change)
    case 'event':
      return applyEvent(state, change)
    case 'tessera.backstage':
      state.backstage.set(change.id, change)
      return
    case 'tessera.due':
      state.dues.set(change.id, change)
      return
    case 'tessera.due_done':
      state.dues.delete(change.id)
      return
    case 'tessera.idempotency':
      state.remembered.set(change.id, change)
      if (state.remembered.size > state.limits.idempotency_keys_max) dropFirst(state.remembered)
      return
    case 'tessera.totals':
      state.totals.set(change.id, change)
      return
    case 'tessera.delivered':
      return applyDelivered(state, change.id)
  }
}

function applyEvent(state: State, event: StripeEvent): void {
  state.events.put(event)
  if (event.pending_webhooks > 0) state.undelivered.add(event.id)
  if (state.events.size <= state.limits.events_max) return
  const oldest = state.events.oldestFirst().next().value
  if (oldest === undefined) return
  state.events.remove(oldest.id)
  state.undelivered.delete(oldest.id)
}

function applyDelivered(state: State, id: string): void {
  state.undelivered.delete(id)
  const event = state.events.get(id)
  if (event !== undefined) state.events.put({ ...event, pending_webhooks: 0 })
}

/** The oldest intent that is over goes first; when none of the oldest is over, the oldest. */
function evictIntent(state: State): void {
  let victim: Intent | undefined
  let seen = 0
  for (const intent of state.intents.oldestFirst()) {
    victim ??= intent
    seen += 1
    const over = intent.status === 'succeeded' || intent.status === 'canceled'
    if (over) victim = intent
    if (over || seen === EVICTION_LOOKAHEAD) break
  }
  if (victim === undefined) return
  for (const id of state.backstage.get(victim.id)?.parts ?? []) {
    for (const shelf of [state.charges, state.refunds, state.transactions, state.disputes]) shelf.remove(id)
    state.dues.delete(id)
  }
  state.intents.remove(victim.id)
  state.backstage.delete(victim.id)
  state.dues.delete(victim.id)
}

function dropFirst(map: Map<string, unknown>): void {
  const first = map.keys().next()
  if (first.done !== true) map.delete(first.value)
}

/** The smallest list of changes that makes this state again. Lazy: it may be walked while the state goes on changing. */
export function* snapshot(state: State, now_ms: number): Generator<Change> {
  yield* state.backstage.values()
  yield* state.intents.oldestFirst()
  yield* state.charges.oldestFirst()
  yield* state.refunds.oldestFirst()
  yield* state.transactions.oldestFirst()
  yield* state.disputes.oldestFirst()
  yield* state.events.oldestFirst()
  yield* state.dues.values()
  yield* state.totals.values()
  for (const key of state.remembered.values()) if (now_ms - key.at_ms < IDEMPOTENCY_TTL_MS) yield key
}

/** Any object by its id; undefined for one that never was or was dropped. */
export function find(state: State, id: string): ApiObject | undefined {
  switch (id.slice(0, id.indexOf('_'))) {
    case 'pi':
      return state.intents.get(id)
    case 'ch':
      return state.charges.get(id)
    case 're':
      return state.refunds.get(id)
    case 'txn':
      return state.transactions.get(id)
    case 'dp':
      return state.disputes.get(id)
    case 'evt':
      return state.events.get(id)
    default:
      return undefined
  }
}
