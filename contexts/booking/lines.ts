import type { LineItem, Places, Taken } from '@tessera/contracts/events/booking'
import type { HeldBooking } from '@tessera/contracts/http/booking'
import { money } from '@tessera/contracts/money'
import { type Quote, quote, type UnpricedLine } from '@tessera/contracts/pricing/quote'
import type { OnSale, SaleTier } from './on-sale.ts'

/** Priced lines as the booking row keeps them: parallel arrays, seat -1 for general admission. */
export type Lines = { line_seats: number[]; line_tiers: number[]; line_quantities: number[]; line_prices: number[] }

export function seatLines(picks: readonly { seat_no: number; tier: SaleTier }[]): Lines {
  return {
    line_seats: picks.map((pick) => pick.seat_no),
    line_tiers: picks.map((pick) => pick.tier.tier_no),
    line_quantities: picks.map(() => 1),
    line_prices: picks.map((pick) => pick.tier.price),
  }
}

export function quantityLines(items: readonly { tier: SaleTier; quantity: number }[]): Lines {
  return {
    line_seats: items.map(() => -1),
    line_tiers: items.map((item) => item.tier.tier_no),
    line_quantities: items.map((item) => item.quantity),
    line_prices: items.map((item) => item.tier.price),
  }
}

/** What the lines cost, by the arithmetic that the browser shows its prices with. */
export function quoteOf(lines: Lines, currency: string): Quote<UnpricedLine> {
  return quote(
    currency,
    lines.line_prices.map((unit_price, i) => ({ unit_price, quantity: lines.line_quantities[i] ?? 0 })),
  )
}

/** What the booking takes, by public tier ids, for events. */
export function takenBy(booking_id: string, lines: Lines, sale: OnSale): Taken {
  const seats: number[] = []
  const seat_tiers: string[] = []
  const places: Places[] = []
  for (const [i, seat] of lines.line_seats.entries()) {
    const tier_id = tierOf(sale, lines.line_tiers[i]).tier_id
    if (seat >= 0) {
      seats.push(seat)
      seat_tiers.push(tier_id)
    } else places.push({ tier_id, quantity: lines.line_quantities[i] ?? 0 })
  }
  return { booking_id, seats, seat_tiers, places }
}

/** The lines as events and people read them. */
export function lineItems(lines: Lines, sale: OnSale): LineItem[] {
  return lines.line_seats.map((seat_no, i) => {
    const tier = tierOf(sale, lines.line_tiers[i])
    const seat = seat_no < 0 ? undefined : sale.chart?.chart.seats[seat_no]
    return {
      seat_id: seat?.id ?? null,
      seat_no: seat_no < 0 ? null : seat_no,
      label: seat?.label ?? tier.name,
      tier_id: tier.tier_id,
      tier_name: tier.name,
      quantity: lines.line_quantities[i] ?? 0,
      price: money(lines.line_prices[i] ?? 0, sale.currency),
    }
  })
}

/** What a hold answers and what a booking's reads begin with. Fees and tax are part of the price until pricing has them. */
export function heldBody(
  booking: { booking_id: string; status: HeldBooking['status']; expires_at: string } & Lines,
  sale: OnSale,
): HeldBooking {
  const { subtotal, discount, fees, tax, total } = quoteOf(booking, sale.currency)
  const none = money(0, sale.currency)
  return {
    booking_id: booking.booking_id,
    status: booking.status,
    hold_expires_at: booking.expires_at,
    line_items: lineItems(booking, sale).map(({ seat_id, label, tier_id, tier_name, quantity, price }) => ({
      seat_id,
      label,
      tier: { id: tier_id, name: tier_name },
      quantity,
      price,
      fees: none,
      tax: none,
    })),
    subtotal,
    discount,
    fees,
    tax,
    total,
    currency: sale.currency,
  }
}

function tierOf(sale: OnSale, tier_no: number | undefined): SaleTier {
  const tier = sale.tierByNo.get(tier_no ?? -1)
  if (tier === undefined) throw new Error(`Tier ${tier_no} is not one of ${sale.performance_id}`)
  return tier
}
