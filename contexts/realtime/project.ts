import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import type { SeatState } from '@tessera/contracts/seat-map/seat-state'
import type { Envelope, EventOf } from '#platform/bus'
import { type Db, loadSql, type Queryable, type Tx } from '#platform/db'
import { count, type GaCounts, type SeatBytes, setSeats } from './seat-bytes.ts'

type StateRow = { version: number; seats: Buffer; tier_ids: string[]; places: Record<string, GaCounts> }
/** Applies one event to the state and records the changed seats. */
type StateChange = (target: SeatBytes, changes: Map<number, SeatState>) => void

const sql = loadSql(import.meta.url, [
  'ensure_state',
  'lock_state',
  'save_state',
  'append_changes',
  'learn',
  'cancel',
  'forget_states',
  'forget_performances',
  'trim',
])

/** How long versions can be resumed; a reader of an older one gets a reset. */
const CHANGES_KEPT_MINUTES = 15

/**
 * Advances a performance's state by one version per event, in order, and appends the changes of each version. Version n
 * is always the state after the first n events, in every process and for any number of events at once, so a replay ends
 * with the same versions and the same changes.
 */
export async function project(
  tx: Tx,
  performance_id: string,
  events: readonly EventOf<BookingEvents>[],
): Promise<void> {
  await tx.none(sql.ensure_state, { performance_id })
  const row = await tx.one<StateRow>(sql.lock_state, { performance_id })
  const target: SeatBytes = { seats: new Uint8Array(row.seats), tier_ids: row.tier_ids, places: row.places }
  const changes = events.map((event) => {
    const changed = new Map<number, SeatState>()
    changeOf(event)(target, changed)
    return changed
  })
  await tx.none(sql.save_state, {
    performance_id,
    version: row.version + events.length,
    seats: Buffer.from(target.seats.buffer, 0, target.seats.length),
    tier_ids: target.tier_ids,
    places: JSON.stringify(target.places),
  })
  await tx.none(sql.append_changes, {
    performance_id,
    version: row.version,
    changes: changes.map((changed) => JSON.stringify(Object.fromEntries(changed))),
    ats: events.map((event) => event.occurred_at),
  })
}

function changeOf<Topic extends keyof BookingEvents>(event: Envelope<Topic, BookingEvents[Topic]>): StateChange {
  const change = changesByTopic[event.topic]
  if (change === undefined) throw new Error(`${event.topic} changes no seat`)
  return change(event.payload)
}

/** How each booking event changes the seat states. */
export const changesByTopic: { [Topic in keyof BookingEvents]?: (payload: BookingEvents[Topic]) => StateChange } = {
  'booking.held': (payload) => (target, changes) => {
    for (const taken of payload.bookings) {
      setSeats(target, taken.seats, taken.seat_tiers, 'held', changes)
      count(target, taken.places, { held: 1 })
    }
  },
  'booking.released': (payload) => (target, changes) => {
    for (const taken of payload.bookings) {
      setSeats(target, taken.seats, taken.seat_tiers, 'available', changes)
      count(target, taken.places, { held: -1 })
    }
  },
  'booking.expired': (payload) => (target, changes) => {
    for (const taken of payload.bookings) {
      setSeats(target, taken.seats, taken.seat_tiers, 'available', changes)
      count(target, taken.places, { held: -1 })
    }
  },
  'booking.confirmed': (payload) => (target, changes) => {
    setSeats(target, payload.seats, payload.seat_tiers, 'sold', changes)
    count(target, payload.places, payload.retaken ? { sold: 1 } : { held: -1, sold: 1 })
  },
  'booking.cancelled': (payload) => (target, changes) => {
    setSeats(target, payload.seats, payload.seat_tiers, 'available', changes)
    count(target, payload.places, { sold: -1 })
  },
  'booking.seats_blocked': (payload) => (target, changes) => {
    setSeats(target, payload.seats, [], 'blocked', changes)
    count(target, payload.places, { blocked: 1 })
  },
  'booking.seats_unblocked': (payload) => (target, changes) => {
    setSeats(target, payload.seats, [], 'available', changes)
    count(target, payload.places, { blocked: -1 })
  },
}

/** Stores a published performance; an older revision changes nothing. */
export async function learn(
  tx: Tx,
  event: Envelope<'catalog.performance_published', CatalogEvents['catalog.performance_published']>,
): Promise<void> {
  await tx.none(sql.learn, { ...event.payload, tiers: JSON.stringify(event.payload.tiers) })
}

/** Also covers performances that are published later: events of different keys come in any order. */
export async function markCancelled(tx: Tx, performance_ids: readonly string[]): Promise<void> {
  await tx.none(sql.cancel, { performance_ids })
}

/** Before a replay of booking's events. */
export async function forgetStates(db: Queryable): Promise<void> {
  await db.none(sql.forget_states)
}

/** Before a replay of catalog's events. */
export async function forgetPerformances(db: Queryable): Promise<void> {
  await db.none(sql.forget_performances)
}

export async function trimChanges(db: Db, as_of: string | null): Promise<void> {
  await db.none(sql.trim, { as_of, kept_minutes: CHANGES_KEPT_MINUTES })
}
