/** A code has left the picture when no frame has shown it for so long: a reader misses single frames. */
const LEFT_MS = 600
/** So long an answer stands at least before the camera takes another code: long enough to be read. */
const STANDS_MS = 1_000

/**
 * Which code of the camera's frames is taken. With several tickets in the picture one is taken, and no other before it
 * has left the picture or somebody asks for the next. A code that was taken is not taken again before it has left.
 */
export class CodesInView {
  /** When a frame last showed them: the codes that were taken and have not left. */
  readonly #seen_ms = new Map<string, number>()
  #current: string | null = null
  #stands_until_ms = Number.NEGATIVE_INFINITY

  /** Takes a code of this frame, or none. While busy nothing is taken, but what leaves the picture is noticed. */
  take(codes: readonly string[], now_ms: number, is_busy: boolean): string | null {
    for (const [code, seen_ms] of this.#seen_ms) {
      if (codes.includes(code)) this.#seen_ms.set(code, now_ms)
      else if (now_ms - seen_ms > LEFT_MS) this.#seen_ms.delete(code)
    }
    if (is_busy || now_ms < this.#stands_until_ms) return null
    if (this.#current !== null && this.#seen_ms.has(this.#current)) return null
    this.#current = codes.find((code) => !this.#seen_ms.has(code)) ?? null
    if (this.#current !== null) this.#seen_ms.set(this.#current, now_ms)
    return this.#current
  }

  /** An answer has come up, to whatever was read. */
  answered(now_ms: number): void {
    this.#stands_until_ms = now_ms + STANDS_MS
  }

  /** Another code may be taken at once, although the current one is still in the picture. */
  next(): void {
    this.#current = null
    this.#stands_until_ms = Number.NEGATIVE_INFINITY
  }

  /** This code may be taken again although it has not left: nothing is known about it. */
  release(code: string): void {
    this.#seen_ms.delete(code)
  }
}
