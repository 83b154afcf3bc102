import type { Cancelled, Confirmed, LineItem } from '@tessera/contracts/events/booking'
import type { PerformancePublished } from '@tessera/contracts/events/catalog'
import type { Ticket } from '@tessera/contracts/http/ticketing'
import { newId } from '@tessera/contracts/ids'
import { needsMembership, type Permission, type Role, roleMay } from '@tessera/contracts/permissions'
import { PROBLEMS } from '@tessera/contracts/problems'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import type { MembershipRow } from '#platform/auth'
import { asPrincipal, openTestContext, type TestContext } from '#platform/testing'
import type { Deps } from './deps.ts'
import { ticketing } from './index.ts'

export const BUYER = asPrincipal('usr_buyer')
export const OTHER = asPrincipal('usr_other')
export const STAFF = asPrincipal('usr_staff')
export const RIVAL = asPrincipal('usr_rival')

const MEMBERSHIPS: Record<string, MembershipRow[]> = {
  usr_staff: [{ organization_id: 'org_ours', role: 'organizer', event_ids: null }],
  usr_rival: [{ organization_id: 'org_theirs', role: 'organizer', event_ids: null }],
}

export type Fixture = {
  context: TestContext<Deps>
  /** Ticket ids that check-in calls used. */
  used: Set<string>
  /** Contexts that are unavailable, by name. */
  away: Set<string>
  publish(changes?: Partial<PerformancePublished>): Promise<PerformancePublished>
  confirm(
    booking: Partial<Confirmed> & { performance: PerformancePublished; count?: number; standing?: number },
  ): Promise<Confirmed>
  cancel(confirmed: Confirmed): Promise<void>
  ticketsOf(confirmed: Confirmed): Promise<Ticket[]>
}

const CHART: Chart = {
  name: 'Hall',
  width: 100,
  height: 100,
  categories: [],
  sections: [{ name: 'Stalls' }],
  rows: [{ section: 0, label: 'F', row_label: null, seat_label: null, table: null, first: 0, count: 40 }],
  seats: Array.from({ length: 40 }, (_, index) => ({
    id: `F-${index + 1}`,
    section: 0,
    row: 0,
    label: `Stalls, row F, seat ${index + 1}`,
    number: String(index + 1),
    x: index,
    y: 0,
    radius: 0,
    category: 0,
    accessible: false,
    obstructed: false,
    companion_of: null,
  })),
  areas: [],
  shapes: [],
  texts: [],
} as Chart

/** The order link's token of this booking. */
export const orderTokenOf = (booking_id: string): string => `link-of-${booking_id}`

/** Ticketing on a database of its own, with stand-ins that follow the contracts of check-in, identity and catalog. */
export async function openFixture(): Promise<Fixture> {
  const used = new Set<string>()
  const away = new Set<string>()
  const ask = async <T>(neighbour: string, answer: () => T): Promise<T> => {
    if (away.has(neighbour)) throw new Error(`${neighbour} is away`)
    return answer()
  }
  const rpc: Partial<ContextRpc> = {
    booking: {
      order_link_fits: async ({ booking_id, token }) => token === orderTokenOf(booking_id),
      payable: async () => null,
      owner: async () => null,
      adopt: async () => ({ moved: [], left: [] }),
      settle_paid: async ({ booking_id }) => ({ kind: 'unknown-booking', booking_id, tickets_issued: false }),
    },
    checkin: {
      used: ({ ticket_ids }) => ask('checkin', () => ticket_ids.filter((id) => used.has(id))),
      revoke: async () => ({ kind: 'revoked' }),
    },
    identity: {
      memberships: async () => [],
      organization: async () => null,
      jwks: async () => ({ keys: [] }),
      person: ({ user_id }) =>
        ask('identity', () => ({ user_id, guest: false, email: 'a@b.test', first_name: 'Ada', last_name: 'Account' })),
    },
    catalog: {
      performance: async () => null,
      event: async () => null,
      tiers: async () => [],
      chart: () => ask('catalog', () => CHART),
    },
  }
  const context = await openTestContext(ticketing, {
    config: { public_origin: 'http://localhost:3000' },
    problems: PROBLEMS,
    roleMay: (role: string, permission: Permission) => roleMay(role as Role, permission),
    needsMembership,
    memberships: (user_id) => MEMBERSHIPS[user_id] ?? [],
    rpc,
  })
  const publish: Fixture['publish'] = async (changes = {}) => {
    const published = { ...PERFORMANCE, performance_id: newId('perf'), event_id: newId('evt'), ...changes }
    await context.deliver('catalog.performance_published', published.performance_id, published)
    return published
  }
  const confirm: Fixture['confirm'] = async ({ performance, count = 2, standing = 0, ...changes }) => {
    const confirmed = confirmedBooking(performance, count, standing, changes)
    await context.deliver('booking.confirmed', confirmed.performance_id, confirmed)
    return confirmed
  }
  const cancel: Fixture['cancel'] = (confirmed) =>
    context.deliver('booking.cancelled', confirmed.performance_id, cancelledBooking(confirmed))
  const ticketsOf: Fixture['ticketsOf'] = async ({ user_id, booking_id }) => {
    const { body } = await context.call('GET', '/api/v1/users/me/tickets?limit=100', { as: asPrincipal(user_id) })
    const { items } = body as { items: Ticket[] }
    return items.filter((ticket) => ticket.booking_id === booking_id).sort((a, b) => a.position - b.position)
  }
  return { context, used, away, publish, confirm, cancel, ticketsOf }
}

const PERFORMANCE: PerformancePublished = {
  performance_id: '',
  revision: 1,
  event_id: '',
  organization_id: 'org_ours',
  chart_id: 'cht_hall',
  title: 'Monsoon Ragas',
  genre: 'classical',
  currency: 'INR',
  start_time: '2099-11-28T12:30:00.000Z',
  end_time: '2099-11-28T15:30:00.000Z',
  doors_time: '2099-11-28T11:45:00.000Z',
  venue: {
    venue_id: 'ven_opera',
    name: 'Old Opera House',
    address: 'Mathew Road',
    city: 'Mumbai',
    country: 'IN',
    time_zone: 'Asia/Kolkata',
  },
  refund_policy: [],
  tiers: [],
}

let seats = 0

/** A confirmed booking with some seats and some general-admission tickets, as booking announces it. */
export function confirmedBooking(
  performance: PerformancePublished,
  count: number,
  places: number,
  changes: Partial<Confirmed> = {},
): Confirmed {
  const price = { amount: 1_000, currency: 'INR' }
  const numbers = Array.from({ length: count }, () => seats++ % 40)
  const seated = numbers.map((seat_no): LineItem => {
    const seat = `F-${seat_no + 1}`
    return {
      seat_id: seat,
      seat_no,
      label: `Stalls, row F, seat ${seat_no + 1}`,
      tier_id: 'tier_stalls',
      tier_name: 'Stalls',
      quantity: 1,
      price,
    }
  })
  const standing: LineItem = {
    seat_id: null,
    seat_no: null,
    label: 'Floor',
    tier_id: 'tier_floor',
    tier_name: 'Floor',
    quantity: places,
    price,
  }
  return {
    booking_id: newId('bk'),
    performance_id: performance.performance_id,
    event_id: performance.event_id,
    organization_id: performance.organization_id,
    user_id: BUYER.user_id,
    payment_id: null,
    holder: { first_name: 'Meera', last_name: 'Joshi', email: 'meera@example.org' },
    seats: numbers,
    seat_tiers: numbers.map(() => 'tier_stalls'),
    places: places === 0 ? [] : [{ tier_id: 'tier_floor', quantity: places }],
    line_items: places === 0 ? seated : [...seated, standing],
    total: { amount: 1_000 * (count + places), currency: 'INR' },
    retaken: false,
    ...changes,
  }
}

export function cancelledBooking(confirmed: Confirmed): Cancelled {
  const { booking_id, performance_id, event_id, user_id, seats, seat_tiers, places } = confirmed
  const why = { cancellation_id: newId('cxl'), reason: 'buyer' as const, refund_percent: 100 }
  return { booking_id, performance_id, event_id, user_id, ...why, seats, seat_tiers, places }
}
