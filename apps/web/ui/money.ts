type Money = { amount: number; currency: string }

/**
 * What people read: `€48`, `₹1,200`, `zł90`, `¥5,000`. The currency's own number of decimals (ISO 4217, through Intl);
 * whole amounts drop theirs unless `exact`, which lists and receipts use so that the decimals stand in line.
 */
export function priceText(value: Money, { exact = false }: { exact?: boolean } = {}): string {
  const format = formatOf(value.currency, exact)
  return format.format(value.amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** Whether any of these amounts has a part smaller than one unit: then all of a receipt shows its decimals. */
export function needsDecimals(values: readonly Money[]): boolean {
  return values.some(
    (value) => value.amount % 10 ** (formatOf(value.currency, true).resolvedOptions().maximumFractionDigits ?? 2) !== 0,
  )
}

const formats = new Map<string, Intl.NumberFormat>()

function formatOf(currency: string, exact: boolean): Intl.NumberFormat {
  const key = `${currency}${exact}`
  const known = formats.get(key)
  if (known) return known
  const base = { style: 'currency', currency, trailingZeroDisplay: exact ? 'auto' : 'stripIfInteger' } as const
  const plain = new Intl.NumberFormat('en', base)
  // A currency that English has no sign for would read `PLN 90`; its own sign is shorter and known where it is paid.
  const sign = plain.formatToParts(0).find((part) => part.type === 'currency')?.value
  const format = sign === currency ? new Intl.NumberFormat('en', { ...base, currencyDisplay: 'narrowSymbol' }) : plain
  formats.set(key, format)
  return format
}
