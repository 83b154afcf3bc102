import type { PublishedTier } from '@tessera/contracts/events/catalog'
import type { Availability, SaleSummaries, SeatsDocument } from '@tessera/contracts/http/realtime'
import { fromPrice, saleState } from '@tessera/contracts/pricing/sale-state'
import { encodeSeatStates, newSeatStates, SEATS_MEDIA_TYPE, setSeatState } from '@tessera/contracts/seat-map/seat-state'
import { type Document, documentOf, jsonDocument } from '#platform/cache'
import { countSeats, type GaCounts, stateOfByte } from './seat-bytes.ts'
import type { Changes, View } from './views.ts'

const FRESH = 'no-cache'

type TierCounts = GaCounts & { total: number; available: number }

/**
 * Total and available quantity of each tier: tariffs share the seats of their category; a general-admission quantity is
 * a tier's own.
 */
function tierCounts(view: View): Map<PublishedTier, TierCounts> {
  const bySeat = countSeats(view.state)
  const categories = view.chart?.categories.map((category) => category.name) ?? []
  const totals = categories.map(() => 0)
  const taken = categories.map(() => 0)
  for (const [seat_no, seat] of (view.chart?.seats ?? []).entries()) {
    totals[seat.category] = (totals[seat.category] ?? 0) + 1
    if (stateOfByte(view.state.seats[seat_no] ?? 0) !== 'available')
      taken[seat.category] = (taken[seat.category] ?? 0) + 1
  }
  return new Map(
    view.facts.tiers.map((tier) => {
      const places = view.state.places[tier.tier_id] ?? { held: 0, sold: 0, blocked: 0 }
      if (tier.quantity !== null) {
        return [
          tier,
          { ...places, total: tier.quantity, available: tier.quantity - places.held - places.sold - places.blocked },
        ]
      }
      const own = bySeat[tier.tier_id] ?? { held: 0, sold: 0, blocked: 0 }
      const covered = (tier.categories ?? []).map((name) => categories.indexOf(name)).filter((n) => n >= 0)
      const total = covered.reduce((sum, n) => sum + (totals[n] ?? 0), 0)
      return [tier, { ...own, total, available: total - covered.reduce((sum, n) => sum + (taken[n] ?? 0), 0) }]
    }),
  )
}

/** `GET /performances/{id}/seats` at the view's version, made once. */
export function seatsDocument(view: View): Promise<Document> {
  return remembered(view, 'json', () => {
    const seats: SeatsDocument['seats'] = {}
    for (const [seat_no, seat] of (view.chart?.seats ?? []).entries()) {
      const state = stateOfByte(view.state.seats[seat_no] ?? 0)
      if (state !== 'available') seats[seat.id] = state
    }
    const tiers = [...tierCounts(view)].map(
      ([tier, { available, held, sold }]) => [tier.tier_id, { available, held, sold }] as const,
    )
    const total = view.chart?.seats.length ?? 0
    return jsonDocument(
      { version: view.version, total, seats, tiers: Object.fromEntries(tiers) },
      { cache_control: FRESH, tag: tagOf(view), headers: { vary: 'accept' } },
    )
  })
}

/** The same in binary form, for our own map: two bits a seat. */
export function seatsBinary(view: View): Promise<Document> {
  return remembered(view, 'binary', async () => {
    const packed = newSeatStates(view.chart?.seats.length ?? 0, view.version)
    for (let seat = 0; seat < packed.total; seat++) {
      const byte = view.state.seats[seat] ?? 0
      if (byte !== 0) setSeatState(packed, seat, stateOfByte(byte))
    }
    return documentOf({
      content_type: SEATS_MEDIA_TYPE,
      cache_control: FRESH,
      tag: `${tagOf(view)}.bin`,
      body: encodeSeatStates(packed),
      headers: { vary: 'accept' },
    })
  })
}

export function availabilityOf(event_id: string, views: readonly View[]): Availability {
  return {
    event_id,
    performances: views.map((view) => {
      const tiers = [...tierCounts(view)].map(([tier, counts]) => ({
        tier_id: tier.tier_id,
        name: tier.name,
        total: counts.total,
        sold: counts.sold,
        held: counts.held,
        available: counts.available,
        price: tier.price,
      }))
      const seats = view.chart?.seats.length ?? 0
      const placeTiers = view.facts.tiers.filter((tier) => tier.quantity !== null)
      const total = seats + placeTiers.reduce((sum, tier) => sum + (tier.quantity ?? 0), 0)
      const sold = tiers.reduce((sum, tier) => sum + tier.sold, 0)
      const held = tiers.reduce((sum, tier) => sum + tier.held, 0)
      return {
        performance_id: view.facts.performance_id,
        status: view.facts.status,
        total,
        sold,
        held,
        available: total - sold - held - blockedIn(view),
        tiers,
      }
    }),
  }
}

/** The state of an event's sale and the price of its cheapest ticket, by what can be bought now. */
export function saleSummary(event_id: string, views: readonly View[], now_ms: number): SaleSummaries['items'][number] {
  const offers = views
    .filter((view) => view.facts.status === 'published')
    .flatMap((view) =>
      [...countsOf(view)].map(([{ price, sale_start, sale_end, min_per_order }, { total, held, available }]) => ({
        price,
        sale_start,
        sale_end,
        min_per_order,
        total,
        held,
        available,
      })),
    )
  return { event_id, state: saleState(offers, now_ms), from_price: fromPrice(offers, now_ms) }
}

const counted = new WeakMap<View['documents'], Map<PublishedTier, TierCounts>>()

/**
 * `tierCounts`, computed once a version (like its documents): a list reads many events, and a large chart takes a
 * millisecond.
 */
function countsOf(view: View): Map<PublishedTier, TierCounts> {
  const known = counted.get(view.documents)
  if (known) return known
  const counts = tierCounts(view)
  counted.set(view.documents, counts)
  return counts
}

/** One SSE message; `previous` is the version that it follows. */
export function seatsFrame(view: View, changes: Changes): string {
  const named: Record<string, string> = {}
  for (const [seat_no, state] of changes.seats) {
    const seat = view.chart?.seats[seat_no]
    if (seat !== undefined) named[seat.id] = state
  }
  const data = { version: changes.version, previous: changes.previous, changes: named }
  return `event: seats\nid: ${changes.version}\ndata: ${JSON.stringify(data)}\n\n`
}

/** A new revision may change the tiers' counts without changing a seat. */
function tagOf(view: View): string {
  return `${view.version}-${view.facts.revision}`
}

function blockedIn(view: View): number {
  let blocked = 0
  for (const byte of view.state.seats) if ((byte & 3) === 3) blocked++
  for (const counts of Object.values(view.state.places)) blocked += counts.blocked
  return blocked
}

function remembered(view: View, name: string, make: () => Promise<Document>): Promise<Document> {
  const known = view.documents.get(name)
  if (known !== undefined) return known
  const { documents } = view
  const making = make()
  documents.set(name, making)
  making.catch(() => documents.delete(name))
  return making
}
