import type { PerformancePublished, PublishedTier } from '@tessera/contracts/events/catalog'
import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { needsMembership, type Role, roleMay } from '@tessera/contracts/permissions'
import { CHARGE_LIMITS } from '@tessera/contracts/pricing/chargeable.fixture'
import { PROBLEMS } from '@tessera/contracts/problems'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
import { asPrincipal, openTestContext, type TestContext } from '#platform/testing'
import type { BookingConfig, Deps } from './deps.ts'
import { booking } from './index.ts'

const config: BookingConfig = {
  public_origin: 'http://localhost:3000',
  hold_seconds: 300,
  rate_limits: false,
  several_processes: false,
}

/** A hall of `rows` × `seats_per_row`, ids `A-1` …, one category. */
export function hall(rows: number, seats_per_row: number): Chart {
  const outcome = normaliseChart({
    format: 'tessera-chart/1',
    name: 'Hall',
    categories: [{ name: 'Stalls' }],
    sections: [
      {
        name: 'Stalls',
        rows: Array.from({ length: rows }, (_r, row) => ({
          label: String.fromCharCode(65 + (row % 26)) + (row >= 26 ? Math.floor(row / 26) : ''),
          seats: Array.from({ length: seats_per_row }, (_s, seat) => ({
            id: `${String.fromCharCode(65 + (row % 26))}${row >= 26 ? Math.floor(row / 26) : ''}-${seat + 1}`,
            label: String(seat + 1),
            x: seat * 20,
            y: row * 20,
            category: 'Stalls',
          })),
        })),
      },
    ],
  })
  if (outcome.kind !== 'chart') throw new Error(JSON.stringify(outcome.errors))
  return outcome.chart
}

export function tier(over: Partial<PublishedTier> = {}): PublishedTier {
  return {
    tier_id: newId('tier'),
    name: 'Adult',
    price: money(2_500, 'EUR'),
    categories: ['Stalls'],
    quantity: null,
    sale_start: '2020-01-01T00:00:00.000Z',
    sale_end: '2090-01-01T00:00:00.000Z',
    min_per_order: 1,
    max_per_order: 10,
    max_per_person: null,
    ...over,
  }
}

export function performance(over: Partial<PerformancePublished> = {}): PerformancePublished {
  return {
    performance_id: newId('perf'),
    revision: 1,
    event_id: newId('evt'),
    organization_id: newId('org'),
    chart_id: 'cht_hall',
    title: 'Test night',
    genre: 'music',
    currency: 'EUR',
    start_time: '2089-01-01T20:00:00.000Z',
    end_time: '2089-01-01T22:00:00.000Z',
    doors_time: null,
    venue: {
      venue_id: newId('ven'),
      name: 'Hall',
      address: 'Street 1',
      city: 'Berlin',
      country: 'DE',
      time_zone: 'Europe/Berlin',
    },
    refund_policy: [{ hours_before: 0, percent: 50 }],
    tiers: [tier()],
    ...over,
  }
}

export type Fixture = TestContext<Deps> & {
  /** Publishes as catalog would; resolves once booking has opened it. */
  open(facts: PerformancePublished): Promise<PerformancePublished>
}

type Neighbours = { charts?: Record<string, Chart>; rpc?: Partial<ContextRpc>; config?: Partial<BookingConfig> }

/** The booking context alone, with a small catalog that follows its contract. */
export async function openFixture(neighbours: Neighbours = {}): Promise<Fixture> {
  const charts: Record<string, Chart> = { cht_hall: hall(10, 20), ...neighbours.charts }
  const rpc: Partial<ContextRpc> = {
    catalog: {
      performance: async () => null,
      event: async () => null,
      chart: async ({ chart_id }) => charts[chart_id] ?? null,
      tiers: async () => [],
    },
    ticketing: { tickets_of: async () => [], door_ticket: async () => null, code_keys: async () => [] },
    payment: {
      charge_limits: async () => CHARGE_LIMITS,
      payments_of: async () => [],
      refund_preview: async () => ({ refund: null, waits_for_dispute: false }),
      refund_booking: async () => ({ refund: null, waits_for_dispute: false }),
      refund_bookings: async ({ requests }) => requests.map(() => ({ refund: null, waits_for_dispute: false })),
    },
    checkin: { revoke: async () => ({ kind: 'revoked' }), used: async () => [] },
    identity: {
      memberships: async () => [],
      person: async ({ user_id }) => ({ user_id, guest: false, email: 'a@b.test', first_name: 'Ada', last_name: 'B' }),
      organization: async () => null,
      jwks: async () => ({ keys: [] }),
    },
    ...neighbours.rpc,
  }
  const context = await openTestContext(booking, {
    config: { ...config, ...neighbours.config },
    problems: PROBLEMS,
    roleMay: (role, permission) => roleMay(role as Role, permission),
    needsMembership,
    rpc,
  })
  return {
    ...context,
    open: async (facts) => {
      await context.deliver('catalog.performance_published', facts.performance_id, facts)
      return facts
    },
  }
}

/** Requests a hold, by default as a new attendee with a new key. */
export function holdAs(fixture: Fixture, body: unknown, options: { user?: string; key?: string } = {}) {
  return fixture.call('POST', '/api/v1/bookings/hold', {
    as: asPrincipal(options.user ?? newId('usr')),
    headers: { 'idempotency-key': options.key ?? crypto.randomUUID() },
    body,
  })
}
