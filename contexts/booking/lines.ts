import type { GaQuantity, LineItem, Taken } from '@tessera/contracts/events/booking'
import type { HeldBooking } from '@tessera/contracts/http/booking'
import { money } from '@tessera/contracts/money'
import { type Quote, quote, type UnpricedLine } from '@tessera/contracts/pricing/quote'
import type { OnSale, SaleTier } from './on-sale.ts'

/** Priced lines as the booking row stores them: parallel arrays, seat -1 for general admission. */
export type Lines = { line_seats: number[]; line_tiers: number[]; line_quantities: number[]; line_prices: number[] }

/** The lines of a booking are all seats or all general admission. */
export function isGeneralAdmission({ line_seats }: Pick<Lines, 'line_seats'>): boolean {
  return line_seats[0] === -1
}

/** One line; `price` is that of one ticket, in minor units. */
type Line = { seat_no: number; tier_no: number; quantity: number; price: number }

/** The parallel arrays line by line. Throws where their lengths differ: a missing price must never cost nothing. */
function eachLine({ line_seats, line_tiers, line_quantities, line_prices }: Lines): Line[] {
  const lengths = [line_tiers, line_quantities, line_prices].map((values) => values.length)
  return line_seats.map((seat_no, i) => {
    const [tier_no, quantity, price] = [line_tiers[i], line_quantities[i], line_prices[i]]
    const isWhole = lengths.every((length) => length === line_seats.length)
    if (!isWhole || tier_no === undefined || quantity === undefined || price === undefined)
      throw new Error(`Lines of different lengths: ${line_seats.length} seats, ${lengths.join(', ')}`)
    return { seat_no, tier_no, quantity, price }
  })
}

/** One line a seat, each of its tier's price. */
export function seatLines(picks: readonly { seat_no: number; tier: SaleTier }[]): Lines {
  return {
    line_seats: picks.map((pick) => pick.seat_no),
    line_tiers: picks.map((pick) => pick.tier.tier_no),
    line_quantities: picks.map(() => 1),
    line_prices: picks.map((pick) => pick.tier.price),
  }
}

/** One line a general-admission tier. */
export function quantityLines(items: readonly { tier: SaleTier; quantity: number }[]): Lines {
  return {
    line_seats: items.map(() => -1),
    line_tiers: items.map((item) => item.tier.tier_no),
    line_quantities: items.map((item) => item.quantity),
    line_prices: items.map((item) => item.tier.price),
  }
}

/** The cost of the lines, computed by the same function as in the browser. */
export function quoteOf(lines: Lines, currency: string): Quote<UnpricedLine> {
  return quote(
    currency,
    eachLine(lines).map(({ price, quantity }) => ({ unit_price: price, quantity })),
  )
}

/** The seats and general-admission quantities of a booking, by public tier ids, for events. */
export function takenBy(booking_id: string, lines: Lines, sale: OnSale): Taken {
  const seats: number[] = []
  const seat_tiers: string[] = []
  const places: GaQuantity[] = []
  for (const { seat_no, tier_no, quantity } of eachLine(lines)) {
    const { tier_id } = tierOf(sale, tier_no)
    if (seat_no >= 0) {
      seats.push(seat_no)
      seat_tiers.push(tier_id)
    } else places.push({ tier_id, quantity })
  }
  return { booking_id, seats, seat_tiers, places }
}

/** The lines with seat labels and tier names, for events and responses. */
export function lineItems(lines: Lines, sale: OnSale): LineItem[] {
  return eachLine(lines).map(({ seat_no, tier_no, quantity, price }) => {
    const tier = tierOf(sale, tier_no)
    const seat = seat_no < 0 ? undefined : sale.chart?.chart.seats[seat_no]
    return {
      seat_id: seat?.id ?? null,
      seat_no: seat_no < 0 ? null : seat_no,
      label: seat?.label ?? tier.name,
      tier_id: tier.tier_id,
      tier_name: tier.name,
      quantity,
      price: money(price, sale.currency),
    }
  })
}

/** The body of a hold's response, also part of a booking's. Prices include fees and tax, which are shown as zero. */
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
    line_items: lineItems(booking, sale).map(({ seat_id, seat_no, label, tier_id, tier_name, quantity, price }) => ({
      seat_id,
      label,
      ...(hasRestrictedView(sale, seat_no) && { restricted_view: true }),
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

function hasRestrictedView(sale: OnSale, seat_no: number | null): boolean {
  return seat_no !== null && sale.chart?.chart.seats[seat_no]?.obstructed === true
}

function tierOf(sale: OnSale, tier_no: number): SaleTier {
  const tier = sale.tierByNo.get(tier_no)
  if (tier === undefined) throw new Error(`Tier ${tier_no} is not one of ${sale.performance_id}`)
  return tier
}
