/**
 * The database's clock as far as this process can know it. An observation is a time the database told and the moment the
 * question was sent: the database looked at its clock after that, so it shows at most `told + time since sent` now.
 * Monotonic time carries it on, so a jump of this machine's wall clock changes nothing.
 */
export class DatabaseClock {
  #latest_minus_monotonic_ms = Infinity
  readonly #monotonic_ms: () => number

  constructor(monotonic_ms: () => number = () => performance.now()) {
    this.#monotonic_ms = monotonic_ms
  }

  observe(told_ms: number, sent_at_ms: number): void {
    this.#latest_minus_monotonic_ms = told_ms - sent_at_ms
  }

  /** The latest that the database's clock can show now; Infinity before the first observation. */
  latestMs(): number {
    return this.#latest_minus_monotonic_ms + this.#monotonic_ms()
  }
}
