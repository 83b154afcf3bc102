import { formatMoney, hasFraction, type Money } from '@tessera/contracts/money'

/**
 * A price as it is shown: `€48`, `₹1,200`, `¥5,000`. Whole amounts drop their decimals unless `exact`, which lists and
 * receipts use so that the decimals align.
 */
export function priceText(value: Money, { exact = false }: { exact?: boolean } = {}): string {
  return formatMoney(value, { strip: !exact })
}

/** A price beside its name; nothing to pay is `Free`. */
export function priceOrFree(value: Money, how: { exact?: boolean } = {}): string {
  return value.amount === 0 ? 'Free' : priceText(value, how)
}

/** The lowest of several prices: `from €20`, or `Free`. */
export function fromText(value: Money): string {
  return value.amount === 0 ? 'Free' : `from ${priceText(value)}`
}

/** Whether any of these amounts has a part smaller than one unit: then a whole receipt shows its decimals. */
export function needsDecimals(values: readonly Money[]): boolean {
  return values.some(hasFraction)
}
