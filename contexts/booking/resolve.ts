import type { HoldBody } from '@tessera/contracts/http/booking'
import { bestAvailable } from '@tessera/contracts/seat-map/best-available'
import { type Lines, placeLines, seatLines } from './lines.ts'
import { type OnSale, type SaleTier, tiersOfSeat } from './on-sale.ts'

export type Resolution =
  | { kind: 'lines'; lines: Lines; person_limit: number | null }
  | { kind: 'malformed-request'; detail: string }
  | { kind: 'unknown-seats'; detail: string; seat_ids: string[] }
  | { kind: 'not-on-sale'; detail: string }
  | { kind: 'limit-exceeded'; detail: string }
  /** Best available found nothing: tier ids. */
  | { kind: 'seat-unavailable'; unavailable: string[] }

type Pick = { seat_no: number; tier: SaleTier }

/**
 * What a hold asks for, as numbers and prices; pure. Refusals in this order: form, unknown or repeated seats and tiers,
 * sale window, limits, and last that nothing together is left.
 */
export function resolve(sale: OnSale, body: HoldBody, now_ms: number, isTaken: (seat: number) => boolean): Resolution {
  const ways = [body.seat_ids, body.seats, body.items, body.best_available].filter((way) => way !== undefined)
  if (ways.length !== 1)
    return {
      kind: 'malformed-request',
      detail: 'Say what to hold by exactly one of seat_ids, seats, items and best_available.',
    }
  if (body.items !== undefined) return resolvePlaces(sale, body.items, now_ms)
  if (body.best_available !== undefined) return resolveBest(sale, body.best_available, now_ms, isTaken)
  const wanted = body.seats ?? (body.seat_ids ?? []).map((seat_id) => ({ seat_id, tier_id: undefined }))
  return resolveSeats(sale, wanted, now_ms)
}

function resolveSeats(
  sale: OnSale,
  wanted: readonly { seat_id: string; tier_id: string | undefined }[],
  now_ms: number,
): Resolution {
  const picks: Pick[] = []
  const strange = new Set<string>()
  const seen = new Set<number>()
  for (const { seat_id, tier_id } of wanted) {
    const seat_no = sale.chart?.seatNoById.get(seat_id)
    const fitting = seat_no === undefined ? [] : tiersOfSeat(sale, seat_no)
    const tier =
      tier_id === undefined
        ? (fitting.find((one) => isOpen(one, now_ms)) ?? fitting[0])
        : fitting.find((one) => one.tier_id === tier_id)
    if (seat_no === undefined || tier === undefined || seen.has(seat_no)) strange.add(seat_id)
    else {
      seen.add(seat_no)
      picks.push({ seat_no, tier })
    }
  }
  if (strange.size > 0) {
    return {
      kind: 'unknown-seats',
      detail: 'Each seat must be one of this performance, on sale in the tier named, and named once.',
      seat_ids: [...strange],
    }
  }
  picks.sort((a, b) => a.seat_no - b.seat_no)
  return checked(
    picks.map((pick) => ({ tier: pick.tier, quantity: 1 })),
    now_ms,
    () => seatLines(picks),
  )
}

function resolvePlaces(
  sale: OnSale,
  items: readonly { tier_id: string; quantity: number }[],
  now_ms: number,
): Resolution {
  // Lines of one tier are one line: a limit per order must not be walked round by splitting it.
  const sums = new Map<string, number>()
  for (const item of items) sums.set(item.tier_id, (sums.get(item.tier_id) ?? 0) + item.quantity)
  const lines: { tier: SaleTier; quantity: number }[] = []
  for (const [tier_id, quantity] of sums) {
    const tier = sale.tierById.get(tier_id)
    if (tier === undefined || tier.categories !== null)
      return {
        kind: 'unknown-seats',
        detail: `${tier_id} is not a general-admission tier of this performance.`,
        seat_ids: [],
      }
    lines.push({ tier, quantity })
  }
  lines.sort((a, b) => a.tier.tier_no - b.tier.tier_no)
  return checked(lines, now_ms, () => placeLines(lines))
}

function resolveBest(
  sale: OnSale,
  wanted: { tier_id: string; quantity: number },
  now_ms: number,
  isTaken: (seat: number) => boolean,
): Resolution {
  const tier = sale.tierById.get(wanted.tier_id)
  if (tier === undefined)
    return { kind: 'unknown-seats', detail: `${wanted.tier_id} is not a tier of this performance.`, seat_ids: [] }
  if (tier.categories === null || sale.chart === null) return resolvePlaces(sale, [wanted], now_ms)
  const refusal = refusalOf([{ tier, quantity: wanted.quantity }], now_ms)
  if (refusal !== null) return refusal
  const found = bestAvailable(sale.chart.bestAvailable(), {
    taken: isTaken,
    categories: tier.categories,
    quantity: wanted.quantity,
  })
  if (found.kind === 'none') return { kind: 'seat-unavailable', unavailable: [tier.tier_id] }
  const picks = [...found.seats].sort((a, b) => a - b).map((seat_no) => ({ seat_no, tier }))
  return { kind: 'lines', lines: seatLines(picks), person_limit: tier.max_per_person }
}

type Sum = { tier: SaleTier; quantity: number }

function checked(lines: readonly Sum[], now_ms: number, make: () => Lines): Resolution {
  const sums = new Map<SaleTier, number>()
  for (const { tier, quantity } of lines) sums.set(tier, (sums.get(tier) ?? 0) + quantity)
  const refusal = refusalOf(
    [...sums].map(([tier, quantity]) => ({ tier, quantity })),
    now_ms,
  )
  if (refusal !== null) return refusal
  const limits = [...sums.keys()].map((tier) => tier.max_per_person).filter((limit) => limit !== null)
  return { kind: 'lines', lines: make(), person_limit: limits.length === 0 ? null : Math.min(...limits) }
}

function refusalOf(sums: readonly Sum[], now_ms: number): Resolution | null {
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

function isOpen(tier: SaleTier, now_ms: number): boolean {
  return now_ms >= tier.sale_start_ms && now_ms < tier.sale_end_ms
}
