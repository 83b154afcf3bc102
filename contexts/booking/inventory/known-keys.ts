const BITS = 1 << 26
const HASHES = 4
/** Keys are remembered at least this long. */
export const KEYS_KEPT_MS = 7 * 24 * 60 * 60 * 1_000

/**
 * The idempotency keys that may have won a hold: Bloom filters, which answer "certainly not" or "perhaps", never
 * "certainly". Two filters of 8 MB alternate: each is written for seven days and read for seven more, so that a
 * long-running process does not end up answering "perhaps" to everything.
 *
 * Idempotency takes precedence over the availability cache: the retry of a won hold gets its 201 again although its
 * seats are (rightly) taken. Complete once every key of the last seven days has been read from the database; until
 * then, and with several processes, any key may be known and a refusal looks it up first.
 */
export class KnownKeys {
  #current = new Uint32Array(BITS / 32)
  #previous = new Uint32Array(BITS / 32)
  #turned_at_ms: number
  readonly #now_ms: () => number
  readonly #shared: () => boolean
  #complete = false

  /** `shared`: true once other processes write keys too; it never becomes false again. */
  constructor(shared: () => boolean = () => false, now_ms: () => number = () => performance.now()) {
    this.#shared = shared
    this.#now_ms = now_ms
    this.#turned_at_ms = now_ms()
  }

  /** Marks the filter as complete: every key in the database has been added. */
  completed(): void {
    this.#complete = true
  }

  add(owner_id: string, key: string): void {
    if (this.#now_ms() - this.#turned_at_ms >= KEYS_KEPT_MS) this.#turn()
    const [a, step] = hashesOf(owner_id, key)
    for (let i = 0; i < HASHES; i++) {
      const bit = (Math.imul(step, i) + a) & (BITS - 1)
      this.#current[bit >>> 5] = (this.#current[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }

  mayHave(owner_id: string, key: string): boolean {
    if (!this.#complete || this.#shared()) return true
    const [a, step] = hashesOf(owner_id, key)
    return isIn(this.#current, a, step) || isIn(this.#previous, a, step)
  }

  /** Keys found only in the older filter are more than seven days old. */
  #turn(): void {
    const emptied = this.#previous.fill(0)
    this.#previous = this.#current
    this.#current = emptied
    this.#turned_at_ms = this.#now_ms()
  }
}

function isIn(bits: Uint32Array, a: number, step: number): boolean {
  for (let i = 0; i < HASHES; i++) {
    const bit = (Math.imul(step, i) + a) & (BITS - 1)
    if (((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false
  }
  return true
}

/** Two FNV-like hashes of the text, to be combined (Kirsch and Mitzenmacher 2006); the second is odd. */
function hashesOf(owner_id: string, key: string): [number, number] {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (const text of [owner_id, key]) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      a = Math.imul(a ^ unit, 0x01000193)
      b = Math.imul(b ^ unit, 0x85ebca6b) ^ (b >>> 13)
    }
    a = Math.imul(a ^ 0xff, 0x01000193)
  }
  return [a, b | 1]
}
