import type { Performance } from '../../api/bodies.ts'

const LINE_BYTES_MAX = 75

type Place = { name: string; address: string; city: string }
type Dates = Pick<Performance, 'id' | 'start_time' | 'end_time' | 'status'>

/**
 * One performance as an iCalendar file (RFC 5545): times in UTC, lines folded at 75 octets. One that is cancelled says so with
 * a higher SEQUENCE, so that importing it again strikes the entry out.
 */
export function calendarFile(
  event: { title: string; venue: Place },
  performance: Dates,
  url: string,
  now: string,
): string {
  const { venue } = event
  const cancelled = performance.status === 'cancelled'
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Tessera//Events//EN',
    'BEGIN:VEVENT',
    `UID:${performance.id}@tessera`,
    `DTSTAMP:${stamp(now)}`,
    `SEQUENCE:${cancelled ? 1 : 0}`,
    `STATUS:${cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    `DTSTART:${stamp(performance.start_time)}`,
    `DTEND:${stamp(performance.end_time)}`,
    `SUMMARY:${escaped(event.title)}`,
    `LOCATION:${escaped([venue.name, venue.address, venue.city].filter(Boolean).join(', '))}`,
    `URL:${url}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}

/** `2026-11-28T12:30:00.000Z` → `20261128T123000Z` */
function stamp(iso: string): string {
  return new Date(iso).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')
}

function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  let bytes = 0
  for (const character of line) {
    const size = new TextEncoder().encode(character).length
    if (bytes + size > LINE_BYTES_MAX) {
      parts.push(part)
      part = ' '
      bytes = 1
    }
    part += character
    bytes += size
  }
  return [...parts, part].join('\r\n')
}
