/** What may go wrong with a request that the sandbox otherwise would serve. */
export const FAULTS = ['timeout-after-success', 'drop-response', '500', '429', 'delay'] as const

export type Fault = {
  /** A path such as `/v1/refunds`, or a prefix that ends in `*`. */
  path: string
  method: 'GET' | 'POST' | null
  /** How many requests it hits before it is used up. */
  times: number
  /** What each does is in the README. */
  fault: (typeof FAULTS)[number]
  delay_ms: number
}

/** Faults wait in the order in which they were ordered; a request takes the first that fits and uses it up by one. */
export function takeFault(armed: Fault[], method: string, path: string): Fault | null {
  const fits = ({ path: pattern }: Fault): boolean =>
    pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
  const fault = armed.find((each) => (each.method ?? method) === method && fits(each))
  if (fault === undefined) return null
  fault.times -= 1
  if (fault.times === 0) armed.splice(armed.indexOf(fault), 1)
  return fault
}
