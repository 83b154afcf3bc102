import { newId } from '@tessera/contracts/ids'
import { type Money, money } from '@tessera/contracts/money'
import type { BookingRpc, BookingStatus, SettlementReason } from '@tessera/contracts/rpc/booking'

export type TestBooking = {
  id: string
  user_id: string
  organization_id: string
  event_id: string
  status: BookingStatus
  expires_at_ms: number
  total: Money
  paid_by: string | null
  /** The hold ended and someone else has the seats now. */
  resold: boolean
  event_cancelled: boolean
}

/** How long a settlement may take to reach its decision. */
const RACE_MS_MAX = 5

/** Booking as its contract describes it, on a handful of holds; two who settle at once may come in either order. */
export type Bookings = BookingRpc & {
  add(change?: Partial<TestBooking>): TestBooking
  get(id: string): TestBooking
  expire(id: string, resold: boolean): void
  /** How often settle_paid was asked. */
  asked(id: string): number
  /** settle_paid does not answer until told otherwise. */
  away: boolean
  /** For negative controls: what a payment was refused for is not remembered. */
  forgetful: boolean
}

export function testBookings(): Bookings {
  const rows = new Map<string, TestBooking>()
  const asked = new Map<string, number>()
  const refused = new Map<string, Refused>()
  const get = (id: string): TestBooking => {
    const row = rows.get(id)
    if (row === undefined) throw new Error(`There is no ${id}`)
    return row
  }
  const bookings: Bookings = {
    away: false,
    forgetful: false,
    add: (change = {}) => {
      const row: TestBooking = {
        id: newId('bk'),
        user_id: newId('usr'),
        organization_id: 'org_of_the_event',
        event_id: newId('evt'),
        status: 'held',
        expires_at_ms: Date.now() + 300_000,
        total: money(4_800, 'USD'),
        paid_by: null,
        resold: false,
        event_cancelled: false,
        ...change,
      }
      rows.set(row.id, row)
      return row
    },
    get,
    expire: (id, resold) => void Object.assign(get(id), { expires_at_ms: Date.now() - 1, resold }),
    asked: (id) => asked.get(id) ?? 0,
    payable: async ({ booking_id }) => {
      const row = rows.get(booking_id)
      if (row === undefined) return null
      return {
        booking_id,
        user_id: row.user_id,
        organization_id: row.organization_id,
        event_id: row.event_id,
        status: row.status === 'held' && row.event_cancelled ? 'released' : row.status,
        alive: row.status === 'held' && row.expires_at_ms > Date.now(),
        event_cancelled: row.event_cancelled,
        hold_expires_at: new Date(row.expires_at_ms).toISOString(),
        total: row.total,
        description: 'Two seats',
      }
    },
    settle_paid: async ({ booking_id, payment_id, amount }) => {
      if (bookings.away) throw new Error('booking does not answer')
      asked.set(booking_id, (asked.get(booking_id) ?? 0) + 1)
      // Between the question and its decision others may decide, as between processes.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * RACE_MS_MAX))
      const row = rows.get(booking_id)
      if (row === undefined) return { kind: 'unknown-booking', booking_id, tickets_issued: false }
      const key = `${booking_id} ${payment_id}`
      const kind = (bookings.forgetful ? undefined : refused.get(key)) ?? decide(row, payment_id, amount)
      if (kind !== 'confirmed' && kind !== 'already-confirmed') refused.set(key, kind)
      return outcomeOf(kind, booking_id)
    },
    adopt: async () => ({ moved: [], left: [] }),
    order_link_fits: async () => false,
    owner: async ({ booking_id }) => {
      const row = rows.get(booking_id)
      return row === undefined
        ? null
        : { user_id: row.user_id, organization_id: row.organization_id, event_id: row.event_id }
    },
  }
  return bookings
}

type Refused = 'amount-mismatch' | 'paid-otherwise' | SettlementReason

/** As under the lock of the booking's row: nobody comes between. */
function decide(row: TestBooking, payment_id: string, amount: Money): Refused | 'confirmed' | 'already-confirmed' {
  if (amount.amount !== row.total.amount) return 'amount-mismatch'
  if (row.paid_by !== null) return row.paid_by === payment_id ? 'already-confirmed' : 'paid-otherwise'
  if (row.event_cancelled) return 'event_cancelled'
  if (row.status === 'released') return row.status
  if (row.resold) return 'taken'
  row.status = 'confirmed'
  row.paid_by = payment_id
  return 'confirmed'
}

function outcomeOf(
  kind: Refused | 'confirmed' | 'already-confirmed',
  booking_id: string,
): Awaited<ReturnType<BookingRpc['settle_paid']>> {
  switch (kind) {
    case 'confirmed':
      return { kind, booking_id, event_id: crypto.randomUUID(), tickets_issued: true }
    case 'already-confirmed':
      return { kind, booking_id, tickets_issued: true }
    case 'amount-mismatch':
    case 'paid-otherwise':
      return { kind, booking_id, tickets_issued: false }
    default:
      return { kind: 'seats-gone', reason: kind, booking_id, tickets_issued: false }
  }
}
