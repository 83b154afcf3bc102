import type { ChargeLimit, ChargeLimits } from '@tessera/contracts/pricing/chargeable'

/** From one minor unit to eight digits. */
const OTHERWISE: ChargeLimit = { least: 1, most: 99_999_999, zero_digits: 0 }

/**
 * As published at https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. The maximum is the one that
 * holds for every payment method (cards of some networks may be charged more): eight digits, except for the three
 * currencies that name another. Currencies without a published minimum are charged from one minor unit.
 */
const PUBLISHED: Readonly<Record<string, Partial<ChargeLimit>>> = {
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
  // Card networks do not carry the third decimal.
  BHD: { zero_digits: 1 },
  IQD: { zero_digits: 1 },
  JOD: { zero_digits: 1 },
  KWD: { zero_digits: 1 },
  LYD: { zero_digits: 1 },
  OMR: { zero_digits: 1 },
  TND: { zero_digits: 1 },
  // Stripe counts whole ariary (`minor-units.ts`).
  MGA: { zero_digits: 2 },
}

export const CHARGE_LIMITS: ChargeLimits = {
  by_currency: Object.fromEntries(
    Object.entries(PUBLISHED).map(([currency, limit]) => [currency, { ...OTHERWISE, ...limit }]),
  ),
  otherwise: OTHERWISE,
}
