import { type Db, loadSql } from '#platform/db'
import type { Consumer, Envelope } from '../consumer.ts'

const sql = loadSql(import.meta.url, ['know_consumer', 'generation', 'enter'])

/** A replay began: events read before it must be read again. */
export class StaleGenerationError extends Error {
  override name = 'StaleGenerationError'
}

/** The effects of one consumer, in its own context's database. */
export type Inbox = {
  /** Reads the consumer's present generation; call it before the first event and after `StaleGenerationError`. */
  begin(): Promise<void>
  /** Runs the events' effects and writes their inbox rows in one transaction; skips events that are in the inbox. */
  take(events: readonly Envelope[]): Promise<void>
}

export function openInbox({ consumer, db }: { consumer: Consumer; db: Db }): Inbox {
  let generation = 0
  return {
    begin: async () => {
      await db.none(sql.know_consumer, { consumer: consumer.name })
      const row = await db.one<{ generation: number }>(sql.generation, { consumer: consumer.name })
      generation = row.generation
    },
    take: async (events) => {
      const event_ids = events.map((event) => event.event_id)
      const fresh = await db.transaction(async (tx) => {
        const entered = await tx.one<{ is_current: boolean; event_ids: string[] }>(sql.enter, {
          consumer: consumer.name,
          generation,
          event_ids,
        })
        if (!entered.is_current) throw new StaleGenerationError(`${consumer.name} is being replayed`)
        const unseen = new Set(entered.event_ids)
        const own = events.filter((event) => unseen.delete(event.event_id))
        if (own.length === 0) return own
        if (consumer.handleAll !== undefined) await consumer.handleAll(tx, own)
        else for (const event of own) await consumer.handle(tx, event)
        return own
      })
      if (fresh.length > 0) consumer.committed?.(fresh)
    },
  }
}
