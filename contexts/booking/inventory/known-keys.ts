const BITS = 1 << 26
const HASHES = 4

/**
 * Which idempotency keys may have won a hold: a Bloom filter, so it can say "surely not" and "perhaps", never "surely".
 * The availability cache must not outrank idempotency: the retry of a won hold gets its 201 again though its seats are (rightly) taken.
 * Complete once every key of the last seven days was read from the database; until then, and with several processes,
 * every key may be known and a refusal looks it up first.
 */
export class KnownKeys {
  readonly #bits = new Uint32Array(BITS / 32)
  readonly #shared: () => boolean
  #complete = false

  /** `shared`: whether other processes write keys too. It may become true, and never false again. */
  constructor(shared: () => boolean = () => false) {
    this.#shared = shared
  }

  /** Every key that was in the database is in here now. */
  completed(): void {
    this.#complete = true
  }

  add(owner_id: string, key: string): void {
    const [a, step] = hashesOf(owner_id, key)
    for (let i = 0; i < HASHES; i++) {
      const bit = (Math.imul(step, i) + a) & (BITS - 1)
      this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }

  mayHave(owner_id: string, key: string): boolean {
    if (!this.#complete || this.#shared()) return true
    const [a, step] = hashesOf(owner_id, key)
    for (let i = 0; i < HASHES; i++) {
      const bit = (Math.imul(step, i) + a) & (BITS - 1)
      if (((this.#bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false
    }
    return true
  }
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
