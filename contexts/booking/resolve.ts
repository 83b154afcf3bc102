import type { HoldBody } from '@tessera/contracts/http/booking'
import type { Money } from '@tessera/contracts/money'
import { bestAvailable } from '@tessera/contracts/seat-map/best-available'
import { type Lines, quantityLines, quoteOf, seatLines } from './lines.ts'
import { type OnSale, type SaleTier, tiersOfSeat } from './on-sale.ts'
import { listed, seatName } from './refusal-details.ts'

export type Resolution =
  | { kind: 'lines'; lines: Lines; total: Money; line_person_limits: (number | null)[] | null }
  | { kind: 'malformed-request'; detail: string }
  | { kind: 'unknown-seats'; detail: string; seat_ids: string[] }
  | { kind: 'not-on-sale'; detail: string }
  | { kind: 'limit-exceeded'; detail: string }
  /** Seat ids; the tier id where a quantity or adjacent seats were insufficient. */
  | { kind: 'seat-unavailable'; unavailable: string[]; detail: string }

type SeatPick = { seat_no: number; tier: SaleTier }

/**
 * Resolves a hold request to numbers and prices; pure. Refusals in this order: form, unknown or repeated seats and
 * tiers, cancellation and sale window, limits, and last that no adjacent seats are left.
 */
export function resolve(sale: OnSale, body: HoldBody, now_ms: number, isTaken: (seat: number) => boolean): Resolution {
  const ways = [body.seat_ids, body.seats, body.items, body.best_available].filter((way) => way !== undefined)
  if (ways.length !== 1)
    return {
      kind: 'malformed-request',
      detail: 'Say what to hold by exactly one of seat_ids, seats, items and best_available.',
    }
  if (body.items !== undefined) return resolveQuantities(sale, body.items, now_ms)
  if (body.best_available !== undefined) return resolveBest(sale, body.best_available, now_ms, isTaken)
  const wanted = body.seats ?? (body.seat_ids ?? []).map((seat_id) => ({ seat_id, tier_id: undefined }))
  return resolveSeats(sale, wanted, now_ms)
}

function resolveSeats(
  sale: OnSale,
  wanted: readonly { seat_id: string; tier_id: string | undefined }[],
  now_ms: number,
): Resolution {
  const picks: SeatPick[] = []
  const refused = new Map<string, string>()
  const seen = new Set<number>()
  for (const { seat_id, tier_id } of wanted) {
    const seat_no = sale.chart?.seatNoById.get(seat_id)
    const fitting = seat_no === undefined ? [] : tiersOfSeat(sale, seat_no)
    const tier =
      tier_id === undefined
        ? (fitting.find((one) => isOpen(one, now_ms)) ?? fitting[0])
        : fitting.find((one) => one.tier_id === tier_id)
    if (seat_no === undefined) refused.set(seat_id, `${seat_id} is no seat of this performance`)
    else if (tier === undefined) refused.set(seat_id, `${seatName(sale, seat_no)} is not sold ${inTier(sale, tier_id)}`)
    else if (seen.has(seat_no)) refused.set(seat_id, `${seatName(sale, seat_no)} is named twice`)
    else {
      seen.add(seat_no)
      picks.push({ seat_no, tier })
    }
  }
  if (refused.size > 0) {
    return { kind: 'unknown-seats', detail: `${listed([...refused.values()])}.`, seat_ids: [...refused.keys()] }
  }
  picks.sort((a, b) => a.seat_no - b.seat_no)
  return checked(
    sale,
    picks.map((pick) => ({ tier: pick.tier, quantity: 1 })),
    now_ms,
    () => seatLines(picks),
  )
}

function resolveQuantities(
  sale: OnSale,
  items: readonly { tier_id: string; quantity: number }[],
  now_ms: number,
): Resolution {
  // Items of one tier are merged: splitting an order must not evade its limit.
  const sums = new Map<string, number>()
  for (const item of items) sums.set(item.tier_id, (sums.get(item.tier_id) ?? 0) + item.quantity)
  const lines: { tier: SaleTier; quantity: number }[] = []
  for (const [tier_id, quantity] of sums) {
    const tier = sale.tierById.get(tier_id)
    if (tier === undefined || tier.categories !== null)
      return {
        kind: 'unknown-seats',
        detail:
          tier === undefined
            ? `${tier_id} is no tier of this performance.`
            : `${tier.name} is sold by seat: name the seats.`,
        seat_ids: [],
      }
    lines.push({ tier, quantity })
  }
  lines.sort((a, b) => a.tier.tier_no - b.tier.tier_no)
  return checked(sale, lines, now_ms, () => quantityLines(lines))
}

function resolveBest(
  sale: OnSale,
  wanted: { tier_id: string; quantity: number },
  now_ms: number,
  isTaken: (seat: number) => boolean,
): Resolution {
  const tier = sale.tierById.get(wanted.tier_id)
  if (tier === undefined)
    return { kind: 'unknown-seats', detail: `${wanted.tier_id} is no tier of this performance.`, seat_ids: [] }
  if (tier.categories === null || sale.chart === null) return resolveQuantities(sale, [wanted], now_ms)
  const refusal = refusalOf(sale, [{ tier, quantity: wanted.quantity }], now_ms)
  if (refusal !== null) return refusal
  const found = bestAvailable(sale.chart.bestAvailable(), {
    taken: isTaken,
    categories: tier.categories,
    quantity: wanted.quantity,
  })
  if (found.kind === 'none') {
    const detail =
      wanted.quantity === 1
        ? `No seat of ${tier.name} is left.`
        : `There are no ${wanted.quantity} seats together left of ${tier.name}.`
    return { kind: 'seat-unavailable', unavailable: [tier.tier_id], detail }
  }
  const picks = [...found.seats].sort((a, b) => a - b).map((seat_no) => ({ seat_no, tier }))
  return priced(sale, seatLines(picks))
}

type Sum = { tier: SaleTier; quantity: number }

function checked(sale: OnSale, lines: readonly Sum[], now_ms: number, make: () => Lines): Resolution {
  const sums = new Map<SaleTier, number>()
  for (const { tier, quantity } of lines) sums.set(tier, (sums.get(tier) ?? 0) + quantity)
  const refusal = refusalOf(
    sale,
    [...sums].map(([tier, quantity]) => ({ tier, quantity })),
    now_ms,
  )
  return refusal ?? priced(sale, make())
}

function priced(sale: OnSale, lines: Lines): Resolution {
  const limits = lines.line_tiers.map((tier_no) => sale.tierByNo.get(tier_no)?.max_per_person ?? null)
  const { total } = quoteOf(lines, sale.currency)
  return { kind: 'lines', lines, total, line_person_limits: limits.every((limit) => limit === null) ? null : limits }
}

function refusalOf(sale: OnSale, sums: readonly Sum[], now_ms: number): Resolution | null {
  if (sale.status === 'cancelled') return { kind: 'not-on-sale', detail: 'This performance was cancelled.' }
  if (now_ms >= sale.end_time_ms) return { kind: 'not-on-sale', detail: 'This performance is over.' }
  for (const { tier } of sums) {
    if (now_ms < tier.sale_start_ms)
      return {
        kind: 'not-on-sale',
        detail: `${tier.name} goes on sale at ${new Date(tier.sale_start_ms).toISOString()}.`,
      }
    if (now_ms >= tier.sale_end_ms)
      return {
        kind: 'not-on-sale',
        detail: `The sale of ${tier.name} ended at ${new Date(tier.sale_end_ms).toISOString()}.`,
      }
  }
  for (const { tier, quantity } of sums) {
    if (quantity > tier.max_per_order)
      return {
        kind: 'limit-exceeded',
        detail: `One order may take ${tier.max_per_order} of ${tier.name}, this one asks for ${quantity}.`,
      }
    if (quantity < tier.min_per_order)
      return { kind: 'limit-exceeded', detail: `An order of ${tier.name} begins at ${tier.min_per_order}.` }
    if (tier.max_per_person !== null && quantity > tier.max_per_person)
      return { kind: 'limit-exceeded', detail: `One person may have ${tier.max_per_person} of ${tier.name}.` }
  }
  return null
}

function inTier(sale: OnSale, tier_id: string | undefined): string {
  return tier_id === undefined ? 'in any tier' : `as ${sale.tierById.get(tier_id)?.name ?? tier_id}`
}

function isOpen(tier: SaleTier, now_ms: number): boolean {
  return now_ms >= tier.sale_start_ms && now_ms < tier.sale_end_ms
}
