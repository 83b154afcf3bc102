import { type Db, loadSql, type Queryable } from '#platform/db'
import type { Envelope } from '../consumer.ts'

const sql = loadSql(import.meta.url, [
  'postpone',
  'keys',
  'due',
  'forget',
  'forget_all',
  'park',
  'letters',
  'letter',
  'note_failure',
  'discard',
  'discard_all',
])

export type Retry = Envelope & { attempt: number }

/** An event that failed every attempt and no longer delays its key. */
export type DeadLetter = {
  id: string
  consumer: string
  event_id: string
  topic: string
  key: string
  payload: unknown
  error: string
  occurred_at: string
  parked_at: string
}

/** Failed events of one subscription, in the order of their keys; stored whole, whatever the transport. */
export function openRetries(db: Db, of: { consumer: string; source: string }) {
  return {
    /** Keys that must wait: one of their events is stored here. */
    keys: async (): Promise<Set<string>> => {
      const rows = await db.many<{ key: string }>(sql.keys, of)
      return new Set(rows.map((row) => row.key))
    },
    due: (): Promise<Retry[]> => db.many<Retry>(sql.due, of),
    /** `attempt` 0: not attempted, waits behind an earlier event of its key. */
    postpone: (events: readonly Envelope[], attempt: number, delay_s: number, error: string): Promise<number> =>
      db.none(sql.postpone, {
        ...of,
        attempt,
        delay_s,
        error,
        event_ids: events.map((event) => event.event_id),
        topics: events.map((event) => event.topic),
        keys: events.map((event) => event.key),
        payloads: events.map((event) => JSON.stringify(event.payload)),
        occurred_ats: events.map((event) => event.occurred_at),
        traceparents: events.map((event) => event.traceparent),
      }),
    forget: (event_id: string): Promise<number> => db.none(sql.forget, { consumer: of.consumer, event_id }),
    park: (event: Envelope, error: string): Promise<number> =>
      db.none(sql.park, { ...of, ...event, payload: JSON.stringify(event.payload), error }),
  }
}

export function listLetters(db: Queryable, page: { after: string; limit: number }): Promise<DeadLetter[]> {
  return db.many<DeadLetter>(sql.letters, page)
}

export function findLetter(db: Queryable, letter_id: string): Promise<(Envelope & { consumer: string }) | undefined> {
  return db.maybe(sql.letter, { letter_id })
}

export function noteLetterFailure(db: Queryable, letter_id: string, error: string): Promise<number> {
  return db.none(sql.note_failure, { letter_id, error })
}

export function discardLetter(db: Queryable, letter_id: string): Promise<number> {
  return db.none(sql.discard, { letter_id })
}

/** A replay delivers all of the consumer's events again, these included. */
export async function forgetRetriesAndLetters(db: Queryable, consumer: string): Promise<void> {
  await db.none(sql.forget_all, { consumer })
  await db.none(sql.discard_all, { consumer })
}
