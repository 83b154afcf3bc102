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
 * How a consumer begins again when its events are replayed from the start: it empties the tables that it alone fills, or
 * it declares that handling an event again changes nothing, because what it did the first time is itself the fact (a
 * ticket that was issued is not issued anew).
 */
export type Reset = ((owner: Queryable) => Promise<void>) | 'idempotent'

/**
 * Someone who wants events. `handle` runs in a transaction of the consumer's own context together with the inbox row,
 * so its effect happens once however often the event comes. Events of one key come in the order of their effects.
 */
export type Consumer<Events extends AnyEvents = AnyEvents> = {
  /** `<context>.<what it does>`, e.g. `ticketing.issue`; the name is its identity in cursors and inbox. */
  name: string
  topics: readonly (keyof Events & string)[]
  reset: Reset
  handle(tx: Tx, event: Envelope): Promise<void>
  /** Several at once, in their order, where that is cheaper than one by one; must come to the same. */
  handleAll?(tx: Tx, events: readonly Envelope[]): Promise<void>
  /** Rests so long after each batch, where effects may come a little later and many at once are cheaper. */
  pace_ms?: number
  /** After the transaction that holds these events committed: cache invalidation and signals. */
  committed?(events: readonly Envelope[]): void
}

type Handlers<Events extends AnyEvents> = {
  [Topic in keyof Events & string]?: (tx: Tx, event: Envelope<Topic, Events[Topic]>) => Promise<void>
}

/** A consumer from a table of handlers, one a topic, each typed by its payload. */
export function consumer<Events extends AnyEvents>(
  name: string,
  reset: Reset,
  handlers: Handlers<Events>,
  committed?: (events: readonly Envelope[]) => void,
): Consumer {
  const table = handlers as Record<string, ((tx: Tx, event: Envelope) => Promise<void>) | undefined>
  return {
    name,
    topics: Object.keys(table),
    reset,
    handle: async (tx, event) => {
      const handler = table[event.topic]
      if (handler === undefined) throw new Error(`${name} was given ${event.topic}, which it does not take`)
      await handler(tx, event)
    },
    ...(committed === undefined ? {} : { committed }),
  }
}
