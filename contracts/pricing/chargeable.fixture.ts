import type { ChargeLimits } from './chargeable.ts'

/** Limits as a provider for cards may have them. */
export const CHARGE_LIMITS: ChargeLimits = {
  by_currency: { KWD: { least: 1, most: 99_999_999, zero_digits: 1 } },
  otherwise: { least: 50, most: 99_999_999, zero_digits: 0 },
}
