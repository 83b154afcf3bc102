import { type Money, money } from '../money.ts'

/** `unit_price` in minor units of the quote's currency; `quantity` from 1. */
export type UnpricedLine = { readonly quantity: number; readonly unit_price: number }

export type Quote<Line extends UnpricedLine> = {
  lines: (Line & { amount: number })[]
  subtotal: Money
  discount: Money
  fees: Money
  tax: Money
  total: Money
}

/**
 * What an order costs: the one place where a price is multiplied and summed, for the server that asks for the money and
 * for the browser that shows it. Integer minor units throughout; throws when an amount leaves the safe integers. Fees and
 * tax are part of the price, so their totals are zero until pricing has rules for them.
 */
export function quote<Line extends UnpricedLine>(currency: string, unpriced: readonly Line[]): Quote<Line> {
  const lines = unpriced.map((line) => ({ ...line, amount: money(line.unit_price * line.quantity, currency).amount }))
  const subtotal = money(
    lines.reduce((sum, line) => sum + line.amount, 0),
    currency,
  )
  const none = money(0, currency)
  return { lines, subtotal, discount: none, fees: none, tax: none, total: subtotal }
}
