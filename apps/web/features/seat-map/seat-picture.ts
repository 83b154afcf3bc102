import {
  applyDelta,
  newSeatStates,
  type SeatDelta,
  type SeatStates,
  seatStateAt,
} from '@tessera/contracts/seat-map/seat-state'

export type Chart = { count: number; number_of: ReadonlyMap<string, number> }

const WAITING_MAX = 2_000

/**
 * Who has what, as far as it is known: nothing until the first document, from then on a version that deltas carry
 * forward. A delta waits until all before it is known; whether it can be is for `catchUp` to say.
 */
export class SeatPicture {
  readonly #numberOf: (id: string) => number | undefined
  #states: SeatStates
  #waiting: SeatDelta[] = []

  constructor({ count, number_of }: Chart) {
    this.#numberOf = (id) => number_of.get(id)
    this.#states = newSeatStates(count, -1)
  }

  /** Changed in place by deltas. */
  get states(): SeatStates {
    return this.#states
  }

  get version(): number {
    return this.#states.version
  }

  get isKnown(): boolean {
    return this.version >= 0
  }

  add(delta: SeatDelta): void {
    this.#waiting.push(delta)
    // Nobody can follow so far behind; the document will tell.
    if (this.#waiting.length > WAITING_MAX) this.#waiting = this.#waiting.slice(-WAITING_MAX)
  }

  /** Applies what waits, in order. `has_gap`: a version between is missing, and only the document can tell it. */
  catchUp(): { changed: number[]; has_gap: boolean } {
    const waiting = this.#waiting.toSorted((a, b) => a.version - b.version)
    this.#waiting = []
    const changed: number[] = []
    for (const [n, delta] of waiting.entries()) {
      const outcome = applyDelta(this.#states, delta, this.#numberOf)
      if (outcome.kind === 'applied') changed.push(...outcome.changed)
      if (outcome.kind !== 'gap') continue
      this.#waiting = waiting.slice(n)
      break
    }
    return { changed, has_gap: this.#waiting.length > 0 }
  }

  /** The seats that differ; null when nothing was known before. */
  replace(states: SeatStates): number[] | null {
    const changed = this.isKnown ? differences(this.#states, states) : null
    this.#states = states
    return changed
  }
}

function differences(before: SeatStates, after: SeatStates): number[] {
  const seats: number[] = []
  after.states.forEach((four, n) => {
    if (four === before.states[n]) return
    for (let seat = n * 4; seat < Math.min(n * 4 + 4, after.total); seat += 1) {
      if (seatStateAt(after, seat) !== seatStateAt(before, seat)) seats.push(seat)
    }
  })
  return seats
}
