/** What may go wrong with a request that the sandbox otherwise would serve. */
export const FAULTS = ['timeout-after-success', 'drop-response', '500', '429', 'delay'] as const

export type Fault = {
  /** A path such as `/v1/refunds`, or a prefix that ends in `*`. */
  path: string
  method: 'GET' | 'POST' | null
  /** How many requests it hits before it is used up. */
  times: number
  /**
   * - `timeout-after-success`: the work is done and remembered, the answer never comes;
   * - `drop-response`: the work is done and remembered, the connection is cut instead of an answer;
   * - `500`: nothing is done, the failure is remembered under the request's key, as Stripe does;
   * - `429`: nothing is done, nothing is remembered;
   * - `delay`: the work begins only after `delay_ms`; its key is in use meanwhile.
   */
  fault: (typeof FAULTS)[number]
  delay_ms: number
}

/** Faults wait in the order in which they were ordered; a request takes the first that fits and uses it up by one. */
export class Faults {
  #armed: Fault[] = []

  arm(fault: Fault): void {
    this.#armed.push({ ...fault })
  }

  take(method: string, path: string): Fault | null {
    const fault = this.#armed.find((each) => (each.method === null || each.method === method) && fits(each.path, path))
    if (fault === undefined) return null
    fault.times -= 1
    if (fault.times <= 0) this.#armed = this.#armed.filter((each) => each !== fault)
    return fault
  }

  list(): Fault[] {
    return this.#armed.map((each) => ({ ...each }))
  }

  clear(): void {
    this.#armed = []
  }
}

function fits(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}
