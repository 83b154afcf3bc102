import type { Money } from '@tessera/contracts/money'

/**
 * Where Stripe counts a currency in other units than ISO 4217 (docs.stripe.com/currencies): it still takes two decimals
 * for ISK and UGX, which have none, and none for MGA, which has two. Factor from ours to theirs, as a fraction.
 */
const FACTORS: Readonly<Record<string, readonly [times: number, by: number]>> = {
  ISK: [100, 1],
  UGX: [100, 1],
  MGA: [1, 100],
}

/** The amount as Stripe wants it, or null when its units cannot express it (a part of an ariary). */
export function toStripe(money: Money): { amount: number; currency: string } | null {
  const [times, by] = FACTORS[money.currency] ?? [1, 1]
  const scaled = money.amount * times
  return scaled % by === 0 ? { amount: scaled / by, currency: money.currency.toLowerCase() } : null
}

/** Stripe's amount in our minor units. */
export function fromStripe(amount: number, currency: string): Money {
  const code = currency.toUpperCase()
  const [times, by] = FACTORS[code] ?? [1, 1]
  const scaled = (amount * by) / times
  if (!Number.isSafeInteger(scaled)) throw new Error(`Stripe's ${amount} ${code} is not a whole number of minor units`)
  return { amount: scaled, currency: code }
}

/** A fee may be finer than our minor unit where Stripe counts finer: rounded half up. */
export function feeFromStripe(fee: number, currency: string): number {
  const [times, by] = FACTORS[currency.toUpperCase()] ?? [1, 1]
  return Math.round((fee * by) / times)
}
