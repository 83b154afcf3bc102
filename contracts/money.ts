/** An amount in the currency's minor unit (cents, yen, fils) and its ISO 4217 code. Never a float. */
export type Money = { amount: number; currency: string }

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
  CLF: 4,
  UYW: 4,
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

/** Units as decimal text, exact for every amount: `4800 EUR` → `48.00`, `5000 JPY` → `5000`, `1250 KWD` → `1.250`. */
export function decimalText({ amount, currency }: Money): string {
  const exponent = exponentOf(currency)
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0')
  const sign = amount < 0 ? '-' : ''
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** Whether the amount has a part smaller than one unit of its currency. */
export function hasFraction({ amount, currency }: Money): boolean {
  return amount % 10 ** exponentOf(currency) !== 0
}

/**
 * An amount as people read it: `€48.00`, `¥5,000`. The digits are those of ISO 4217 and never those of the runtime's
 * locale data, which follow cash usage (no decimals for ALL, LBP or MMK). `strip` drops the decimals of a whole amount.
 */
export function formatMoney(value: Money, { locale = 'en', strip = false } = {}): string {
  // As text, so that no amount passes through a binary fraction.
  const units = decimalText(value) as `${number}`
  return formatOf(locale, value.currency, strip && !hasFraction(value)).format(units)
}

const formats = new Map<string, Intl.NumberFormat>()

function formatOf(locale: string, currency: string, whole: boolean): Intl.NumberFormat {
  const key = `${locale} ${currency} ${whole}`
  const known = formats.get(key)
  if (known) return known
  const digits = whole ? 0 : exponentOf(currency)
  const base = {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const
  const plain = new Intl.NumberFormat(locale, base)
  // A currency without a symbol in this locale would read `PLN 90`; its own symbol is shorter, and known where it is paid.
  const symbol = plain.formatToParts(0).find((part) => part.type === 'currency')?.value
  const format =
    symbol === currency ? new Intl.NumberFormat(locale, { ...base, currencyDisplay: 'narrowSymbol' }) : plain
  formats.set(key, format)
  return format
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
