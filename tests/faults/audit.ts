import type { RealProduct } from '../processes.ts'
import type { Journey, Sale, Step } from './sale.ts'

type BookingRow = {
  booking_id: string
  owner_id: string
  idempotency_key: string
  status: string
  seats: string[]
  places: string
  good_tickets: string
  paid: string
}

export type Count = { holds: number; payments: number; refusals: number; cancellations: number }

/**
 * Holds what the buyers were told against what the database says: an answer that was given and is not true, a booking
 * that nobody was told of, a seat that two have. Answers what is wrong, and what was looked at.
 */
export async function audit(product: RealProduct, sale: Sale): Promise<{ wrong: string[]; count: Count }> {
  const performance_ids = [...new Set(sale.journeys.map((journey) => journey.performance_id))]
  const rows = await product.query<BookingRow>(
    `select b.booking_id, b.owner_id, b.idempotency_key, b.status, sum(l.quantity) as places,
       array_remove(array_agg(case when l.seat >= 0 then chart.seats -> l.seat ->> 'id' end), null) as seats,
       (select count(*) from ticketing.tickets t where t.booking_id = b.booking_id and t.status = 'active') as good_tickets,
       (select coalesce(sum(captured - refunded - refund_pending), 0) from payment.payments y where y.booking_id = b.booking_id) as paid
     from booking.bookings b
     join booking.performances p using (performance_no)
     join lateral (select c.chart -> 'seats' as seats from booking.charts c where c.chart_id = p.chart_id) chart on true
     cross join lateral unnest(b.line_seats, b.line_quantities) as l (seat, quantity)
     where p.performance_id = any ($1)
     group by b.booking_id`,
    [performance_ids],
  )
  const byKey = new Map(rows.map((row) => [`${row.owner_id} ${row.idempotency_key}`, row]))
  const count: Count = { holds: 0, payments: 0, refusals: 0, cancellations: 0 }
  const wrong = sale.journeys.flatMap((journey) => falsehoods(journey, byKey, count))
  wrong.push(...strangers(rows, sale.journeys), ...doubles(rows))
  return { wrong, count }
}

function falsehoods(journey: Journey, byKey: ReadonlyMap<string, BookingRow>, count: Count): string[] {
  const [hold] = journey.steps
  if (hold === undefined) return []
  const row = byKey.get(`${journey.user_id} ${hold.key}`)
  if (hold.answer?.status !== 201) {
    count.refusals++
    return row === undefined ? [] : [`${row.booking_id} is held, and its buyer was told ${hold.answer?.status}`]
  }
  count.holds++
  const booking_id = String(hold.answer.body['booking_id'])
  if (row === undefined) return [`${booking_id} was acknowledged and is not there`]
  if (row.booking_id !== booking_id) return [`${booking_id} was acknowledged and is ${row.booking_id}`]
  const wrong: string[] = []
  if (row.seats.toSorted().join() !== [...journey.seats].toSorted().join())
    wrong.push(`${booking_id} has other seats than its buyer was told`)
  if (Number(row.places) !== journey.places) wrong.push(`${booking_id} has ${row.places} places, not ${journey.places}`)
  if (succeeded(journey, 'cancel')) {
    count.cancellations++
    if (row.status !== 'cancelled' || Number(row.good_tickets) > 0) wrong.push(`${booking_id} was cancelled and is not`)
  } else if (succeeded(journey, 'confirm')) {
    count.payments++
    if (row.status !== 'confirmed') wrong.push(`${booking_id} was paid and is ${row.status}`)
    if (Number(row.good_tickets) !== journey.places)
      wrong.push(`${booking_id} was paid for ${journey.places} and has ${row.good_tickets} tickets`)
    if (Number(row.paid) <= 0) wrong.push(`${booking_id} was paid and no money is kept for it`)
  }
  return wrong
}

function succeeded(journey: Journey, what: Step['what']): boolean {
  return journey.steps.some((step) => step.what === what && step.answer?.status === 200)
}

/** Once every outcome is known, the buyers know of every booking. */
function strangers(rows: readonly BookingRow[], journeys: readonly Journey[]): string[] {
  const known = new Set(journeys.map((journey) => `${journey.user_id} ${journey.steps[0]?.key}`))
  return rows
    .filter((row) => !known.has(`${row.owner_id} ${row.idempotency_key}`))
    .map((row) => `${row.booking_id} is nobody's`)
}

function doubles(rows: readonly BookingRow[]): string[] {
  const taken = new Map<string, string>()
  const wrong: string[] = []
  for (const row of rows.filter((one) => one.status === 'confirmed')) {
    for (const seat of row.seats) {
      const other = taken.get(seat)
      if (other !== undefined) wrong.push(`${seat} is sold to ${other} and to ${row.booking_id}`)
      taken.set(seat, row.booking_id)
    }
  }
  return wrong
}
