import type { Queryable } from '#platform/db'
import type { Envelope } from './consumer.ts'

/** One consumer reading one source, the context that publishes the events. */
export type Subscription = { consumer: string; source: string; topics: readonly string[] }

export type Batch = {
  /** Events of one key are in the order of their effects; between keys there is no order. Some may be redelivered. */
  events: Envelope[]
  /** There is more to read now. */
  more: boolean
  /** Undeliverable events are waiting: read again after this time. Null when there are none. */
  read_again_ms: number | null
}

/** The events of one subscription: delivered at least once, in order per key. */
export type Feed = {
  /** The next events, about `limit` of them, after the last acknowledged batch. */
  read(limit: number): Promise<Batch>
  /** Acknowledges the last batch; without effect when the feed has been rewound since. */
  acknowledge(): Promise<void>
  /** True when everything published before this call has been acknowledged. */
  drained(): Promise<boolean>
}

/**
 * Transports events from the contexts that publish them to the consumers: one adapter per folder. Their handling
 * (inbox, retries, dead letters, reset) belongs to `handling/` and is the same for every transport, which may therefore
 * redeliver, lose an acknowledgement, and reorder the events of different keys, but never those of one key.
 */
export type Transport = {
  open(subscription: Subscription): Feed
  /** Rewinds every feed of the consumer to the start. A transport in the owner's database uses this transaction. */
  rewind(owner: Queryable, consumer: string): Promise<void>
}

const IDENTIFIER = /^[a-z][a-z_]*$/

/** `booking.held` is published by the context `booking`; `ticketing.issue` is a consumer of `ticketing`. */
export function contextOf(dotted: string): string {
  const name = dotted.split('.', 1)[0] ?? ''
  if (!IDENTIFIER.test(name)) throw new Error(`${name} is not a schema name`)
  return name
}
