import { formatMoney, type Money, money } from '../money.ts'

/** What one charge may amount to, in minor units: inclusive bounds, and how many of its last digits must be 0. */
export type ChargeLimit = { least: number; most: number; zero_digits: number }

/** A payment provider's limits; `otherwise` holds for every currency that is not listed. */
export type ChargeLimits = { by_currency: Readonly<Record<string, ChargeLimit>>; otherwise: ChargeLimit }

/** Why no payment of this amount can be made; null when it can. Nothing at all (0) needs no payment. */
export function chargeRefusal({ amount, currency }: Money, limits: ChargeLimits): string | null {
  if (amount === 0) return null
  const { least, most, zero_digits } = limits.by_currency[currency] ?? limits.otherwise
  if (amount < least) return `is less than can be charged: at least ${formatMoney(money(least, currency))}, or nothing`
  if (amount > most) return `is more than can be charged: at most ${formatMoney(money(most, currency))}`
  if (amount % 10 ** zero_digits === 0) return null
  const digits = zero_digits === 1 ? 'the last digit' : `the last ${zero_digits} digits`
  return `cannot be charged: in a payment in ${currency}, ${digits} must be 0`
}
