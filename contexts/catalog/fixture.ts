import type { ChartCreated, Event, Performance, Published, Tier, Venue } from '@tessera/contracts/http/catalog'
import { newId } from '@tessera/contracts/ids'
import { needsMembership, roleMay } from '@tessera/contracts/permissions'
import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import { PROBLEMS } from '@tessera/contracts/problems'
import type { PaymentRpc } from '@tessera/contracts/rpc/payment'
import { asPrincipal, openTestContext, type TestContext } from '#platform/testing'
import { hall } from './charts/chart.fixture.ts'
import type { CatalogConfig, Deps } from './deps.ts'
import { catalog } from './index.ts'

const CONFIG: CatalogConfig = {
  several_processes: false,
  organization_limits: { venues: 1_000, charts: 1_000, events: 1_000, chart_bytes: 1_073_741_824 },
}

/** Payment, as far as the catalog asks it. */
const PAYMENT: PaymentRpc = {
  charge_limits: async () => CHARGE_LIMITS,
  payments_of: async () => [],
  refund_preview: async () => ({ refund: null, waits_for_dispute: false }),
  refund_booking: async () => ({ refund: null, waits_for_dispute: false }),
  refund_bookings: async () => [],
}

export const ANNAS = newId('org')
export const BENS = newId('org')
/** Anna organizes for one organization, Ben for another, Cleo for both; Dana scans tickets for Anna's. */
export const anna = asPrincipal('usr_anna')
export const ben = asPrincipal('usr_ben')
export const cleo = asPrincipal('usr_cleo')
export const dana = asPrincipal('usr_dana')
export const buyer = asPrincipal('usr_buyer')
export const guest = asPrincipal('usr_guest', ['guest'])
export const admin = asPrincipal('usr_admin', ['attendee', 'admin'])

const MEMBERSHIPS = [
  { user_id: 'usr_anna', organization_id: ANNAS, role: 'organizer', event_ids: null },
  { user_id: 'usr_ben', organization_id: BENS, role: 'organizer', event_ids: null },
  { user_id: 'usr_cleo', organization_id: ANNAS, role: 'organizer', event_ids: null },
  { user_id: 'usr_cleo', organization_id: BENS, role: 'organizer', event_ids: null },
  { user_id: 'usr_dana', organization_id: ANNAS, role: 'staff', event_ids: null },
]

const NAMES = new Map([
  [ANNAS, 'Anna’s Agency'],
  [BENS, 'Ben & Co.'],
])

/** Organizations that await approval. */
export const UNAPPROVED = new Set<string>()

export type Fixture = TestContext<Deps>
type TestAnswer = Awaited<ReturnType<Fixture['call']>>

export function openFixture(config: Partial<CatalogConfig> = {}): Promise<Fixture> {
  return openTestContext(catalog, {
    config: { ...CONFIG, ...config },
    problems: PROBLEMS,
    roleMay: (role, permission) =>
      role in { guest: 0, attendee: 0, staff: 0, box_office: 0, organizer: 0, admin: 0 }
        ? roleMay(role as Parameters<typeof roleMay>[0], permission)
        : false,
    needsMembership,
    memberships: (user_id) => MEMBERSHIPS.filter((row) => row.user_id === user_id),
    rpc: {
      payment: PAYMENT,
      identity: {
        memberships: async () => [],
        person: async () => null,
        jwks: async () => ({ keys: [] }),
        organization: async ({ organization_id }) => {
          const name = NAMES.get(organization_id)
          return name === undefined ? null : { organization_id, name, approved: !UNAPPROVED.has(organization_id) }
        },
      },
    },
  })
}

export const VENUE = {
  name: 'Elbphilharmonie',
  address: 'Platz der Deutschen Einheit 1',
  city: 'Hamburg',
  country: 'DE',
  latitude: 53.5413,
  longitude: 9.9841,
  time_zone: 'Europe/Berlin',
}

const DAY_MS = 86_400_000

/** That many days from now at noon UTC. */
export function inDays(days: number, hour = 12): string {
  const day = new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
  return `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`
}

export const EVENT = {
  title: 'Ein deutsches Requiem',
  description: 'Johannes Brahms, op. 45',
  genre: 'Classical',
  currency: 'EUR',
}
export const NIGHT = { start_time: inDays(30, 18), end_time: inDays(30, 21), doors_time: inDays(30, 17) }
export const STALLS = {
  name: 'Stalls',
  price: { amount: 4_800, currency: 'EUR' },
  categories: ['Stalls'],
  sale_start: inDays(-1),
  sale_end: inDays(29),
}

/** Asserts the status of an answer and returns its body. */
export async function expectStatus<Body>(status: number, answered: Promise<TestAnswer>): Promise<Body> {
  const { status: got, body } = await answered
  if (got !== status) throw new Error(`Expected ${status}, got ${got}: ${JSON.stringify(body)}`)
  return body as Body
}

type Options = {
  as?: typeof anna
  days?: number
  event?: object
  tiers?: readonly object[]
  seats?: number
  venue?: object
}

/** Through the API: venue, chart, event, one performance, its tiers; a draft. */
export async function draftEvent(catalog: Fixture, options: Options = {}) {
  const { as = anna, days = 30, tiers = [STALLS], seats = 120 } = options
  const post = <Body>(url: string, body: unknown) => expectStatus<Body>(201, catalog.call('POST', url, { as, body }))
  const venue = await post<Venue>('/api/v1/venues', { ...VENUE, ...options.venue })
  const chart = await post<ChartCreated>(`/api/v1/venues/${venue.id}/charts`, hall(seats))
  const event = await post<Event>('/api/v1/events', { ...EVENT, venue_id: venue.id, ...options.event })
  const performance = await post<Performance>(`/api/v1/events/${event.id}/performances`, {
    chart_id: chart.id,
    start_time: inDays(days, 18),
    end_time: inDays(days, 21),
  })
  const made: Tier[] = []
  for (const tier of tiers) made.push(await post<Tier>(`/api/v1/performances/${performance.id}/tiers`, tier))
  return { venue, chart, event, performance, tiers: made }
}

export async function publishedEvent(catalog: Fixture, options: Options = {}) {
  const draft = await draftEvent(catalog, options)
  const published = await expectStatus<Published>(
    200,
    catalog.call('POST', `/api/v1/events/${draft.event.id}/publish`, { as: options.as ?? anna }),
  )
  return { ...draft, published }
}
