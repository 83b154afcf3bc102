import type { FieldError } from '@tessera/contracts/problems'
import { LRUCache } from 'lru-cache'

/** Times outside this range are typing errors or cannot be stored. */
const EARLIEST_MS = Date.parse('2000-01-01T00:00:00Z')
const LATEST_MS = Date.parse('2100-01-01T00:00:00Z')

/**
 * An RFC 3339 time with any offset as UTC (`2026-11-20T10:00:00.000Z`); undefined with a field error when it does not
 * exist.
 */
export function readMoment(field_errors: FieldError[], pointer: string, text: string): string | undefined {
  const at_ms = Date.parse(text)
  if (Number.isNaN(at_ms)) field_errors.push({ pointer, detail: 'is not a time that exists' })
  else if (at_ms < EARLIEST_MS || at_ms >= LATEST_MS)
    field_errors.push({ pointer, detail: 'must lie between 2000 and 2099' })
  else return new Date(at_ms).toISOString()
  return undefined
}

/** One per time zone; there are about 600 names. */
const formats = new LRUCache<string, Intl.DateTimeFormat>({ max: 700 })

/** The local date (`2026-11-20`) in that time zone. */
export function localDate(time: string, time_zone: string): string {
  let format = formats.get(time_zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: time_zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    formats.set(time_zone, format)
  }
  return format.format(new Date(time))
}
