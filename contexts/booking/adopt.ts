import type { BookingEvents } from '@tessera/contracts/events/booking'
import { publisher } from '#platform/bus'
import { type Db, loadSql, type Tx } from '#platform/db'
import type { KnownKeys } from './inventory/known-keys.ts'
import { type BookingReads, type BookingRow, readBooking } from './read.ts'

type Deps = {
  db: Db
  keys: KnownKeys
  delivered(event_id: string, consumers: readonly string[], timeout_ms?: number): Promise<boolean>
}

export type Adoption = { guest_id: string; user_id: string }
/** `left` stay with the guest: the account already has as much of that performance as one person may have. */
export type Adopted = { moved: string[]; left: string[] }

type Row = { booking_id: string; performance_id: string; idempotency_key: string | null }

const sql = loadSql(import.meta.url, ['begin', 'remember', 'lock_person', 'move', 'is_adopted'])
const publish = publisher<BookingEvents>()

/** How long sign-in waits for the tickets to change owner; after that they change owner later. */
const TICKETS_WAIT_MS = 2_500

/**
 * Gives every booking of a guest, held and paid alike, to the account they signed in to. The guest session is the
 * proof: it could read, pay and cancel these bookings. Idempotent. Idempotency keys move along, so that the retry of a
 * hold gets its answer under the account too.
 */
export async function adopt(deps: Deps, adoption: Adoption): Promise<Adopted> {
  const { adopted, keys, event_ids } = await deps.db.transaction((tx) => move(tx, adoption))
  for (const key of keys) deps.keys.add(adoption.user_id, key)
  await Promise.all(event_ids.map((event_id) => deps.delivered(event_id, ['ticketing.adopt'], TICKETS_WAIT_MS)))
  return adopted
}

/** The same within the caller's transaction, for the consumer that completes an interrupted sign-in. */
export async function move(tx: Tx, { guest_id, user_id }: Adoption) {
  await tx.none(sql.begin, { guest_id, user_id })
  await tx.many(sql.lock_person, { guest_id, user_id })
  const rows = await tx.many<Row>(sql.move, { guest_id, user_id })
  const moved = rows.filter((row) => row.idempotency_key !== null)
  const event_ids: string[] = []
  for (const [performance_id, own] of Map.groupBy(moved, (row) => row.performance_id)) {
    const booking_ids = own.map((row) => row.booking_id)
    event_ids.push(await publish(tx, 'booking.owner_changed', performance_id, { performance_id, booking_ids, user_id }))
  }
  const booking_ids = moved.map((row) => row.booking_id)
  const known = await tx.one<{ booking_ids: string[]; event_ids: string[] }>(sql.remember, {
    guest_id,
    booking_ids,
    event_ids,
  })
  const adopted: Adopted = {
    moved: known.booking_ids,
    left: rows.filter((row) => row.idempotency_key === null).map((row) => row.booking_id),
  }
  return { adopted, keys: moved.flatMap((row) => row.idempotency_key ?? []), event_ids: known.event_ids }
}

/**
 * The booking if it belongs to this account, now or as a result of this call: a hold that a guest's request won after
 * the sign-in is adopted by the first request for it.
 */
export async function ownedBy(
  deps: Deps & { reads: BookingReads },
  booking: BookingRow,
  user_id: string,
): Promise<BookingRow | undefined> {
  if (booking.owner_id === user_id) return booking
  const adoption = { guest_id: booking.owner_id, user_id }
  const { adopted } = await deps.db.one<{ adopted: boolean }>(sql.is_adopted, adoption)
  if (!adopted) return undefined
  await adopt(deps, adoption)
  const now = await readBooking(deps.reads, booking.booking_id)
  return now?.owner_id === user_id ? now : undefined
}
