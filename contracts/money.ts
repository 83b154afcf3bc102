import { type Static, Type } from 'typebox'

/** An amount in the currency's minor unit (cents, yen, fils) and its ISO 4217 code. Never a float. */
export const Money = Type.Object(
  { amount: Type.Integer(), currency: Type.String({ pattern: '^[A-Z]{3}$' }) },
  { additionalProperties: false },
)
export type Money = Static<typeof Money>

/** Currencies whose minor unit is not a hundredth (ISO 4217, list one). */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
}

/** Decimal places of the currency: 2 for EUR, 0 for JPY, 3 for KWD. */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2
}

/** True for a code that the runtime's ISO 4217 table knows. */
export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code)
}

export function money(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount)) throw new Error(`An amount must be a whole number of minor units, got ${amount}`)
  return { amount, currency }
}

/** What people read: `€48.00`, `¥5,000`, in the reader's locale. */
export function formatMoney(value: Money, locale = 'en'): string {
  const exponent = exponentOf(value.currency)
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: value.currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(value.amount / 10 ** exponent)
}

/**
 * Splits `total` in proportion to `weights` so that the parts are whole and sum to `total` exactly: each part is
 * floored, then the units left over go to the largest remainders, earlier parts first (Hamilton's method).
 */
export function splitByWeight(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  if (sum <= 0) throw new Error('Weights must sum to more than zero')
  const shares = weights.map((weight, index) => {
    const exact = BigInt(total) * BigInt(weight)
    const floor = exact / BigInt(sum)
    return { index, floor: Number(floor), remainder: exact - floor * BigInt(sum) }
  })
  const parts = shares.map((share) => share.floor)
  let left = total - parts.reduce((a, b) => a + b, 0)
  const byRemainder = [...shares].sort((a, b) => Number(b.remainder - a.remainder) || a.index - b.index)
  for (const share of byRemainder) {
    if (left <= 0) break
    parts[share.index] = share.floor + 1
    left -= 1
  }
  return parts
}
