import { dayAndMonth, type Span } from '../../ui/when.ts'

const DAY_MS = 86_400_000

/** When an event is, in two words: `one night`, `3 dates`, or `until 29 January` for what runs longer than a day. */
export function datesText(dates: number, { start_time, end_time }: Span, time_zone: string, now_ms: number): string {
  if (dates > 1) return `${dates} dates`
  const end_ms = Date.parse(end_time)
  // What ends at midnight ends on the day before.
  return end_ms - Date.parse(start_time) > DAY_MS ? `until ${dayAndMonth(end_ms - 1, time_zone, now_ms)}` : 'one night'
}
