import type { Translate } from '@tessera/contracts/messages/translator'
import { orderNumberOf } from '@tessera/contracts/order-number'
import ical, { ICalCalendarMethod, type ICalEventData, ICalEventStatus } from 'ical-generator'
import { Temporal } from 'temporal-polyfill'
import type { TicketRow } from './ticket-row.ts'
import { timeZoneBlock } from './time-zone.ts'

/**
 * A booking as an iCalendar file: one event in the venue's own time zone. The UID is constant, so that importing it
 * again moves the entry instead of adding one; SEQUENCE follows the performance's revision; a cancelled booking has
 * STATUS:CANCELLED.
 */
export function calendarOf(
  rows: readonly [TicketRow, ...TicketRow[]],
  public_origin: string,
  translate: Translate,
): Buffer {
  const [row] = rows
  const active = rows.filter((ticket) => ticket.status === 'active')
  const calendar = ical({
    prodId: { company: 'Tessera', product: 'Tickets' },
    method: ICalCalendarMethod.PUBLISH,
  })
  // The calendar itself stays in UTC, or DTSTAMP would lose its Z; the zone belongs to the event.
  calendar.timezone({ name: null, generator: (zone) => timeZoneBlock(zone, row.start_time) })
  calendar.createEvent({
    id: `${row.booking_id}.${row.performance_id}@${new URL(public_origin).hostname}`,
    ...timesOf(row),
    stamp: new Date(Math.max(...rows.map((ticket) => Date.parse(ticket.changed_at)))),
    sequence: row.revision - 1 + (active.length === 0 ? 1 : 0),
    summary: oneLine(row.title),
    description: [...placesOf(active), translate('calendar.order', { number: orderNumberOf(row.booking_id) })].join(
      '\n',
    ),
    location: { title: oneLine(row.venue_name), address: oneLine(`${row.venue_address}, ${row.venue_city}`) },
    status: active.length === 0 ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    url: `${public_origin}/orders/${row.booking_id}`,
  })
  // Every line ends with CRLF, the last one too (RFC 5545, 3.1).
  return Buffer.from(`${calendar.toString()}\r\n`)
}

/**
 * Start and end in the venue's local time; in UTC where that local time occurs twice, because it then means the first
 * of the two (RFC 5545, 3.3.5).
 */
function timesOf({ start_time, end_time, time_zone }: TicketRow): Pick<ICalEventData, 'start' | 'end' | 'timezone'> {
  const times = [start_time, end_time].map((time) => Temporal.Instant.from(time).toZonedDateTimeISO(time_zone))
  const [start, end] = times
  if (start === undefined || end === undefined || times.some(isShownTwice))
    return { start: new Date(start_time), end: new Date(end_time), timezone: null }
  return { start, end, timezone: time_zone }
}

function isShownTwice(time: Temporal.ZonedDateTime): boolean {
  const on = (disambiguation: 'earlier' | 'later'): bigint =>
    time.toPlainDateTime().toZonedDateTime(time.timeZoneId, { disambiguation }).epochNanoseconds
  return on('earlier') !== on('later')
}

/** The seats, and general-admission tickets counted: "2 × Floor". */
function placesOf(tickets: readonly TicketRow[]): string[] {
  const counts = new Map<string, number>()
  for (const { seat_label } of tickets) counts.set(seat_label, (counts.get(seat_label) ?? 0) + 1)
  return Array.from(counts, ([label, count]) => (count === 1 ? oneLine(label) : `${count} × ${oneLine(label)}`))
}

/** Removes line breaks and control characters, which no property of a calendar may contain. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
}
