import type { Queryable, Tx } from '#platform/db'

/** An event as a consumer receives it. */
export type Envelope<Topic extends string = string, Payload = unknown> = {
  event_id: string
  topic: Topic
  key: string
  payload: Payload
  occurred_at: string
  traceparent: string | null
}

type AnyEvents = Record<string, unknown>

/**
 * How a consumer prepares for a replay of its events from the start: it empties the tables that it alone fills, or it
 * declares that handling an event again changes nothing, because the first effect is permanent (an issued ticket is not
 * issued again).
 */
export type Reset = ((owner: Queryable) => Promise<void>) | 'idempotent'

/**
 * A consumer of events. `handle` runs in a transaction of the consumer's own context together with the inbox row, so
 * its effect happens once however often the event is delivered. Events of one key arrive in the order of their effects.
 */
export type Consumer<Events extends AnyEvents = AnyEvents> = {
  /** `<context>.<verb>`, e.g. `ticketing.issue`; the name is its identity in cursors and inbox. */
  name: string
  topics: readonly (keyof Events & string)[]
  reset: Reset
  handle(tx: Tx, event: Envelope): Promise<void>
  /** Handles several events at once, in order, where that is cheaper; must have the same result as one by one. */
  handleAll?(tx: Tx, events: readonly Envelope[]): Promise<void>
  /** Pause after each batch, where effects may be delayed a little and larger batches are cheaper. */
  pace_ms?: number
  /** Called after the commit of the transaction with these events: for cache invalidation and signals. */
  committed?(events: readonly Envelope[]): void
}

/** Any event of these topics: comparing `topic` tells the payload. */
export type EventOf<Events extends AnyEvents> = {
  [Topic in keyof Events & string]: Envelope<Topic, Events[Topic]>
}[keyof Events & string]

type Handlers<Events extends AnyEvents> = {
  [Topic in keyof Events & string]?: (tx: Tx, event: Envelope<Topic, Events[Topic]>) => Promise<void>
}

/** The optional members of `Consumer`, typed by the topics of the table. */
type ForBatches<Events extends AnyEvents> = {
  handleAll?(tx: Tx, events: readonly EventOf<Events>[]): Promise<void>
  committed?(events: readonly EventOf<Events>[]): void
  pace_ms?: number
}

/**
 * A consumer made of a table of handlers, one per topic, each typed by its payload. `Events` are the topics of the table
 * where batches are handled together.
 */
export function consumer<Events extends AnyEvents>(
  name: string,
  reset: Reset,
  handlers: Handlers<Events>,
  for_batches: ForBatches<Events> = {},
): Consumer {
  const table = handlers as Record<string, ((tx: Tx, event: Envelope) => Promise<void>) | undefined>
  return {
    name,
    topics: Object.keys(table),
    reset,
    handle: async (tx, event) => {
      const handler = table[event.topic]
      if (handler === undefined) throw new Error(`${name} received ${event.topic}, which it does not handle`)
      await handler(tx, event)
    },
    // Only events of the table's topics are delivered.
    ...(for_batches as Pick<Consumer, 'handleAll' | 'committed' | 'pace_ms'>),
  }
}
