const SCALE = 1_000_000n

/**
 * `percent` of an amount in minor units, rounded half up: 33.333 % of 100 is 33, 50 % of 1 is 1. `percent` counts to six
 * decimals; outside 0..100 it is a bug.
 */
export function shareOf(amount: number, percent: number): number {
  if (!(percent >= 0 && percent <= 100)) throw new Error(`A share must be between 0 and 100 %, got ${percent}`)
  const scaled = BigInt(Math.round(percent * Number(SCALE)))
  const whole = 100n * SCALE
  return Number((BigInt(amount) * scaled * 2n + whole) / (whole * 2n))
}
