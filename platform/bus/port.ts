import type { Queryable } from '#platform/db'
import type { Envelope } from './consumer.ts'

/** One consumer reading one source, the context whose events these are. */
export type Subscription = { consumer: string; source: string; topics: readonly string[] }

export type Batch = {
  /** Events of one key stand in the order of their effects; between keys there is no order. Some may have come before. */
  events: Envelope[]
  /** There is more to read now. */
  more: boolean
  /** Something is there that cannot be delivered yet: read again after so long, unasked. Null when nothing is. */
  read_again_ms: number | null
}

/** What a transport delivers to one subscription: at least once, in order per key. */
export type Feed = {
  /** The next events, about `limit` of them, beginning after the last acknowledged batch. */
  read(limit: number): Promise<Batch>
  /** The last batch has been dealt with and need not come again; without effect when the feed was rewound since. */
  acknowledge(): Promise<void>
  /** True when nothing published before this call is still to be acknowledged. */
  drained(): Promise<boolean>
}

/**
 * Carries events from the contexts that publish them to the consumers: one adapter a folder. What is done with an event
 * (inbox, retries, dead letters, reset) belongs to `handling/` and is the same for every transport, which may therefore
 * deliver twice, lose an acknowledgement, and reorder the events of different keys, but never those of one key.
 */
export type Transport = {
  open(subscription: Subscription): Feed
  /** Every feed of the consumer begins at the start again. A transport in the owner's database uses this transaction. */
  rewind(owner: Queryable, consumer: string): Promise<void>
}

const IDENTIFIER = /^[a-z][a-z_]*$/

/** `booking.held` is published by the context `booking`; `ticketing.issue` is a consumer of `ticketing`. */
export function contextOf(dotted: string): string {
  const name = dotted.split('.', 1)[0] ?? ''
  if (!IDENTIFIER.test(name)) throw new Error(`${name} is not a schema name`)
  return name
}
