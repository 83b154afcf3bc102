import { formatMoney, hasFraction, type Money } from '@tessera/contracts/money'

/**
 * A price as it is shown: `€48`, `₹1,200`, `¥5,000`. Whole amounts drop their decimals unless `exact`, which lists and
 * receipts use so that the decimals align.
 */
export function priceText(value: Money, { exact = false }: { exact?: boolean } = {}): string {
  return formatMoney(value, { strip: !exact })
}

/** Whether any of these amounts has a part smaller than one unit: then a whole receipt shows its decimals. */
export function needsDecimals(values: readonly Money[]): boolean {
  return values.some(hasFraction)
}
