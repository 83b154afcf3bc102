import { type Load, load, request } from '../load.ts'
import { type Bench, openHalls } from '../product.ts'

const SIDE = 200
const PAIRS_PER_HALL = (SIDE * SIDE) / 2

/** An endless supply of holds of two neighbours, every seat asked for once. */
export class Holds {
  readonly #bench: Bench
  readonly #tokens: readonly string[]
  #halls: string[] = []
  #next = 0

  constructor(bench: Bench, tokens: readonly string[]) {
    this.#bench = bench
    this.#tokens = tokens
  }

  /** Opens halls until `count` more holds can be asked for. */
  async supply(count: number): Promise<void> {
    const missing = this.#next + count - this.#halls.length * PAIRS_PER_HALL
    if (missing <= 0) return
    const { performance_ids } = await openHalls(this.#bench, Math.ceil(missing / PAIRS_PER_HALL), SIDE)
    this.#halls.push(...performance_ids)
  }

  request(): Buffer {
    const n = this.#next++
    const pair = n % PAIRS_PER_HALL
    const row = Math.floor((pair * 2) / SIDE) + 1
    const seat = ((pair * 2) % SIDE) + 1
    return holdRequest(
      this.#halls[Math.floor(n / PAIRS_PER_HALL)] ?? '',
      [`${row}-${seat}`, `${row}-${seat + 1}`],
      this.#tokens[n % this.#tokens.length] ?? '',
    )
  }

  async run(count: number, connections: number, rate?: number): Promise<Load> {
    await this.supply(count)
    let left = count
    return load({
      port: this.#bench.port,
      connections,
      next: () => (left-- > 0 ? this.request() : null),
      ...(rate === undefined ? {} : { rate }),
    })
  }
}

export function holdRequest(performance_id: string, seat_ids: readonly string[], token: string): Buffer {
  return request(
    'POST',
    '/api/v1/bookings/hold',
    { Authorization: `Bearer ${token}`, 'Idempotency-Key': crypto.randomUUID() },
    JSON.stringify({ performance_id, seat_ids }),
  )
}
