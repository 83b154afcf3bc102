import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { Temporal } from 'temporal-polyfill'
import type { TicketRow } from './ticket-row.ts'
import { timeZoneBlock } from './time-zone.ts'

/**
 * A booking as an iCalendar file: one event in the venue's own time zone. The UID stays, so that importing it again moves
 * the entry instead of adding one; SEQUENCE follows the performance's revision; a cancelled booking says so.
 */
export function calendarOf(rows: readonly [TicketRow, ...TicketRow[]], public_origin: string): Buffer {
  const [row] = rows
  const { time_zone } = row
  const active = rows.filter((ticket) => ticket.status === 'active')
  const seats = active.map((ticket) => ticket.seat_label).join('\n')
  const calendar = ical({
    name: row.title,
    prodId: { company: 'Tessera', product: 'Tickets' },
    method: ICalCalendarMethod.PUBLISH,
  })
  calendar.timezone({ name: time_zone, generator: (zone) => timeZoneBlock(zone, row.start_time) })
  const at = (time: string) => Temporal.Instant.from(time).toZonedDateTimeISO(time_zone)
  calendar.createEvent({
    id: `${row.booking_id}.${row.performance_id}@${new URL(public_origin).hostname}`,
    start: at(row.start_time),
    end: at(row.end_time),
    timezone: time_zone,
    stamp: new Date(row.issued_at),
    sequence: row.revision - 1 + (active.length === 0 ? 1 : 0),
    summary: row.title,
    description: `${seats}\nBooking ${row.booking_id}`.trim(),
    location: { title: row.venue_name, address: `${row.venue_address}, ${row.venue_city}` },
    status: active.length === 0 ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    url: `${public_origin}/orders/${row.booking_id}`,
  })
  return Buffer.from(calendar.toString())
}
