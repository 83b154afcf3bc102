import { exponentOf, formatMoney, money } from '../money.ts'

/** Inclusive bounds of one charge, in minor units. An absent bound is the general one. */
type Bounds = { least?: number; most?: number }

const LEAST_OTHERWISE = 1
/** Eight digits. */
const MOST_OTHERWISE = 99_999_999

/**
 * What Stripe charges, as published at https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. The maximum
 * is the one that holds for every payment method (cards of some networks may be charged more): eight digits, except for
 * the three currencies that name another. Currencies without a published minimum are charged from one minor unit.
 */
const BOUNDS: Readonly<Record<string, Bounds>> = {
  AED: { least: 200 },
  ARS: { least: 50 },
  AUD: { least: 50 },
  BRL: { least: 50 },
  CAD: { least: 50 },
  CHF: { least: 50 },
  COP: { least: 50, most: 9_999_999_999 },
  CZK: { least: 1_500 },
  DKK: { least: 250 },
  EUR: { least: 50 },
  GBP: { least: 30 },
  HKD: { least: 400 },
  HUF: { least: 17_500 },
  IDR: { least: 50, most: 999_999_999_999 },
  ILS: { least: 50 },
  INR: { least: 50, most: 999_999_999 },
  JPY: { least: 50 },
  KRW: { least: 50 },
  MXN: { least: 1_000 },
  MYR: { least: 200 },
  NOK: { least: 300 },
  NZD: { least: 50 },
  PHP: { least: 50 },
  PLN: { least: 200 },
  RON: { least: 200 },
  RUB: { least: 50 },
  SEK: { least: 300 },
  SGD: { least: 50 },
  THB: { least: 1_000 },
  USD: { least: 50 },
  ZAR: { least: 50 },
}

/** Card networks do not carry the third decimal: it must be zero. */
const THREE_DECIMAL_STEP = 10

/** Why no card payment of this amount can be made; null when it can. Nothing at all (0) needs no payment. */
export function chargeRefusal(amount: number, currency: string): string | null {
  if (amount === 0) return null
  const { least = LEAST_OTHERWISE, most = MOST_OTHERWISE } = BOUNDS[currency] ?? {}
  if (amount < least) return `is less than can be charged: at least ${formatMoney(money(least, currency))}, or nothing`
  if (amount > most) return `is more than can be charged: at most ${formatMoney(money(most, currency))}`
  if (exponentOf(currency) === 3 && amount % THREE_DECIMAL_STEP !== 0)
    return `cannot be charged: a payment in ${currency} has no third decimal, the last digit must be 0`
  return null
}
