/**
 * "Two together, please": the best free seats, the same on the server (holds) and in the browser (the offer).
 *
 * Quality of a seat. The hall has an axis, from the focus (the stage) through the middle of all seats. The best spot
 * lies on it, 18 % of the way from the front row to the last: near, yet not under the stage. (Seats behind the stage do not
 * make a front row.) A seat costs its distance
 * from that spot, where a step back weighs 1.4 steps aside.
 * Where the seats surround the focus there is no axis, and a seat costs its distance from the focus.
 * Costs are whole numbers, so every engine on every machine agrees on the order.
 *
 * Which seats. All in one row, each beside the next (`adjacencyOf`). Ways to seat the party are compared by how many
 * accessible places they give to somebody who did not ask for one; then by how many seats have a restricted view; then by
 * how many free seats they leave alone between taken ones; then by the sum of costs; then by the lower seat number in
 * document order of rows. So a restricted view is given only when no unrestricted seats are together.
 *
 * Measured on 80,000 seats, half of them taken at random: 1.0 to 1.6 ms a question (p95 at most 3.1 ms) in Node 24 on a
 * busy core; the index takes 60 ms, once a chart. Sorting candidates beforehand would make the usual question faster and
 * the late one, when little is left, slower.
 */
import { type Adjacency, adjacencyOf } from './adjacency.ts'
import type { SeatColumns } from './seat-columns.ts'
import { seatFlags } from './seat-flags.ts'

/** The largest party that can ask. */
const BEST_AVAILABLE_MAX = 100

const IDEAL_DEPTH = 0.18
const DEPTH_WEIGHT = 1.4
const COST_UNIT = 1_000_000
/** Ranks: more than all the lone seats (2 at most) and all the restricted views of one party could add up to. */
const RESTRICTED_RANK = 10
const ACCESSIBLE_RANK = 10_000

/** Made once a chart by `bestAvailableIndex`. */
export type BestAvailableIndex = Adjacency & {
  cost: Int32Array
  category: Uint8Array
  flags: Uint8Array
  /** Where each seat stands in `seats`. */
  place: Int32Array
  /** First place and end of the run that a place belongs to. */
  run_start: Int32Array
  run_end: Int32Array
}

export type BestAvailableQuestion = {
  /** True for a seat that cannot be had: held, sold, blocked. */
  taken: (seat: number) => boolean
  /** Category numbers that will do; absent = all. */
  categories?: ReadonlySet<number>
  quantity: number
  /** At least one of the seats must be accessible. Absent: accessible places are left to those who need them. */
  needs_accessible?: boolean
  /** When no row has that many together: as few and as large groups as can be, close to each other. */
  may_split?: boolean
}

export type BestAvailable = { kind: 'seats'; seats: number[]; groups: number[][] } | { kind: 'none' }

export function bestAvailableIndex(columns: SeatColumns): BestAvailableIndex {
  const adjacency = adjacencyOf(columns)
  const place = new Int32Array(columns.count)
  const run_start = new Int32Array(columns.count)
  const run_end = new Int32Array(columns.count)
  adjacency.seats.forEach((seat, n) => {
    place[seat] = n
  })
  for (let run = 0; run + 1 < adjacency.starts.length; run += 1) {
    const start = int(adjacency.starts, run)
    const end = int(adjacency.starts, run + 1)
    run_start.fill(start, start, end)
    run_end.fill(end, start, end)
  }
  const { category, flags } = columns
  return { ...adjacency, cost: seatCosts(columns), category, flags, place, run_start, run_end }
}

/** Seats of one row if possible. None also when the quantity is not 1 … 100. */
export function bestAvailable(index: BestAvailableIndex, question: BestAvailableQuestion): BestAvailable {
  const { quantity } = question
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > BEST_AVAILABLE_MAX) return { kind: 'none' }
  const together = bestWindow(index, question, quantity, null)
  if (together !== null) return { kind: 'seats', seats: together, groups: [together] }
  return question.may_split ? split(index, question) : { kind: 'none' }
}

/** Free seats that choosing `chosen` would leave alone between taken seats, aisles and walls. In seat order. */
export function orphans(
  index: BestAvailableIndex,
  taken: (seat: number) => boolean,
  chosen: readonly number[],
): number[] {
  const mine = new Set(chosen)
  const gone = (seat: number) => mine.has(seat) || taken(seat)
  const alone = new Set<number>()
  for (const seat of chosen) {
    const at = int(index.place, seat)
    for (const side of [at - 1, at + 1]) {
      if (!isInRun(index, at, side) || !isAlone(index, gone, side)) continue
      alone.add(int(index.seats, side))
    }
  }
  return [...alone].sort((a, b) => a - b)
}

function isAlone(index: BestAvailableIndex, gone: (seat: number) => boolean, at: number): boolean {
  const seat = int(index.seats, at)
  if (gone(seat) || (int(index.flags, seat) & seatFlags.accessible) !== 0) return false
  const leftGone = !isInRun(index, at, at - 1) || gone(int(index.seats, at - 1))
  const rightGone = !isInRun(index, at, at + 1) || gone(int(index.seats, at + 1))
  return leftGone && rightGone
}

function isInRun(index: BestAvailableIndex, at: number, other: number): boolean {
  return other >= int(index.run_start, at) && other < int(index.run_end, at)
}

type Near = (seat: number) => number

/** The best `size` neighbours, or null. `near` adds to a seat's cost: how far it is from friends already seated. */
function bestWindow(
  index: BestAvailableIndex,
  question: BestAvailableQuestion,
  size: number,
  near: Near | null,
): number[] | null {
  const { seats, starts } = index
  let best = -1
  let bestRank = Number.POSITIVE_INFINITY
  let bestCost = Number.POSITIVE_INFINITY
  for (let run = 0; run + 1 < starts.length; run += 1) {
    const start = int(starts, run)
    const end = int(starts, run + 1)
    if (end - start < size) continue
    let length = 0
    let cost = 0
    let accessible = 0
    let restricted = 0
    const enter = (at: number, sign: 1 | -1) => {
      const seat = int(seats, at)
      cost += sign * (int(index.cost, seat) + (near === null ? 0 : near(seat)))
      const flags = int(index.flags, seat)
      if ((flags & seatFlags.accessible) !== 0) accessible += sign
      if ((flags & seatFlags.obstructed) !== 0) restricted += sign
    }
    for (let at = start; at < end; at += 1) {
      if (!isOffered(index, question, int(seats, at))) {
        length = 0
        cost = 0
        accessible = 0
        restricted = 0
        continue
      }
      enter(at, 1)
      length += 1
      if (length > size) enter(at - size, -1)
      if (length < size || (question.needs_accessible && accessible === 0)) continue
      const from = at - size + 1
      const least = (question.needs_accessible ? 0 : accessible * ACCESSIBLE_RANK) + restricted * RESTRICTED_RANK
      if (least > bestRank || (least === bestRank && cost >= bestCost)) continue
      const rank = least + orphansBeside(index, question, from, at, start, end)
      if (rank > bestRank || (rank === bestRank && cost >= bestCost)) continue
      best = from
      bestRank = rank
      bestCost = cost
    }
  }
  return best === -1 ? null : Array.from(seats.subarray(best, best + size))
}

function isOffered(index: BestAvailableIndex, { categories, taken }: BestAvailableQuestion, seat: number): boolean {
  return (categories === undefined || categories.has(int(index.category, seat))) && !taken(seat)
}

/** How many seats stand alone once the places `from … to` of the run `start … end` are gone. */
function orphansBeside(
  index: BestAvailableIndex,
  { taken }: BestAvailableQuestion,
  from: number,
  to: number,
  start: number,
  end: number,
): number {
  const isGone = (at: number) => at < start || at >= end || taken(int(index.seats, at))
  const counts = (at: number) => !isGone(at) && (int(index.flags, int(index.seats, at)) & seatFlags.accessible) === 0
  const left = counts(from - 1) && isGone(from - 2) ? 1 : 0
  return left + (counts(to + 1) && isGone(to + 2) ? 1 : 0)
}

/** The largest group first; nobody of a party sits alone if it can be helped; every next group near the first. */
function split(index: BestAvailableIndex, question: BestAvailableQuestion): BestAvailable {
  const mine = new Set<number>()
  const groups: number[][] = []
  const taken = (seat: number) => mine.has(seat) || question.taken(seat)
  let missing = question.quantity
  let largest = question.quantity - 1
  let home: number | null = null
  while (missing > 0) {
    const asked: BestAvailableQuestion = {
      ...question,
      taken,
      needs_accessible: question.needs_accessible === true && groups.length === 0,
    }
    const group = largestGroup(index, asked, missing, largest, home)
    if (group === null) return { kind: 'none' }
    for (const seat of group) mine.add(seat)
    groups.push(group)
    home ??= int(index.cost, group[group.length >> 1] ?? 0)
    missing -= group.length
    largest = group.length
  }
  return { kind: 'seats', seats: groups.flat(), groups }
}

function largestGroup(
  index: BestAvailableIndex,
  question: BestAvailableQuestion,
  missing: number,
  largest: number,
  home: number | null,
): number[] | null {
  const near = home === null ? null : (seat: number) => Math.abs(int(index.cost, seat) - home)
  let fallback: number[] | null = null
  for (let size = Math.min(missing, largest, longestOffer(index, question)); size >= 1; size -= 1) {
    const leavesOne = missing - size === 1 && size > 2
    if (leavesOne && fallback !== null) continue
    const group = bestWindow(index, question, size, near)
    if (group === null) continue
    if (!leavesOne) return group
    fallback = group
  }
  return fallback
}

/** How many can sit together at most. */
function longestOffer(index: BestAvailableIndex, question: BestAvailableQuestion): number {
  let longest = 0
  let length = 0
  index.seats.forEach((seat, at) => {
    if (at === int(index.run_start, at)) length = 0
    length = isOffered(index, question, seat) ? length + 1 : 0
    longest = Math.max(longest, length)
  })
  return longest
}

function seatCosts(columns: SeatColumns): Int32Array {
  const { count, x, y, focus } = columns
  const axis = axisOf(columns)
  const depths = new Float64Array(count)
  const asides = new Float64Array(count)
  let near = Number.POSITIVE_INFINITY
  let far = 0
  for (let seat = 0; seat < count; seat += 1) {
    const dx = (x[seat] ?? 0) - focus.x
    const dy = (y[seat] ?? 0) - focus.y
    const depth = axis === null ? Math.hypot(dx, dy) : dx * axis.x + dy * axis.y
    const aside = axis === null ? 0 : dy * axis.x - dx * axis.y
    depths[seat] = depth
    asides[seat] = aside
    far = Math.max(far, depth)
    near = Math.min(near, depth)
  }
  near = Math.max(near, 0)
  const hall = Math.max(far - near, columns.pitch)
  const ideal = axis === null ? near : near + IDEAL_DEPTH * hall
  const costs = new Int32Array(count)
  for (let seat = 0; seat < count; seat += 1) {
    const back = (depths[seat] ?? 0) - ideal
    const far_from_ideal = Math.hypot(asides[seat] ?? 0, DEPTH_WEIGHT * back) / hall
    costs[seat] = Math.min(Math.round(far_from_ideal * COST_UNIT), 1_000 * COST_UNIT)
  }
  return costs
}

/** From the focus through the middle of the seats; null when they surround it. */
function axisOf({ count, x, y, focus }: SeatColumns): { x: number; y: number } | null {
  let sumX = 0
  let sumY = 0
  for (let seat = 0; seat < count; seat += 1) {
    const dx = (x[seat] ?? 0) - focus.x
    const dy = (y[seat] ?? 0) - focus.y
    const length = Math.hypot(dx, dy) || 1
    sumX += dx / length
    sumY += dy / length
  }
  const length = Math.hypot(sumX, sumY)
  // Seen from the focus, the seats' directions cancel out: the hall is in the round.
  return length < 0.35 * count ? null : { x: sumX / length, y: sumY / length }
}

function int(column: Int32Array | Uint8Array, n: number): number {
  return column[n] ?? 0
}
