/**
 * An upper bound of the database's clock. An observation is a time that a statement returned and the moment it was
 * sent: the database read its clock after that, so it shows at most `observed + time since sent` now. Monotonic time
 * extends it, so changes of this machine's wall clock have no effect.
 */
export class DatabaseClock {
  #latest_minus_monotonic_ms = Infinity
  readonly #monotonic_ms: () => number

  constructor(monotonic_ms: () => number = () => performance.now()) {
    this.#monotonic_ms = monotonic_ms
  }

  observe(observed_ms: number, sent_at_ms: number): void {
    this.#latest_minus_monotonic_ms = observed_ms - sent_at_ms
  }

  /** The latest possible time of the database's clock now; Infinity before the first observation. */
  latestMs(): number {
    return this.#latest_minus_monotonic_ms + this.#monotonic_ms()
  }
}
