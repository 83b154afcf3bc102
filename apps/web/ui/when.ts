/** Dates as people say them, always in a named zone and never in the zone of whoever renders. */
type Parts = { weekday: string; day: string; month: string; year: string; hour: string; minute: string; second: string }

const formats = new Map<string, Intl.DateTimeFormat>()

function partsOf(iso: string | number, time_zone: string, length: 'short' | 'long'): Parts {
  const key = `${time_zone}|${length}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: time_zone,
      weekday: length,
      day: 'numeric',
      month: length,
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(key, format)
  }
  const parts: Parts = { weekday: '', day: '', month: '', year: '', hour: '', minute: '', second: '' }
  for (const part of format.formatToParts(new Date(iso)))
    if (part.type in parts) parts[part.type as keyof Parts] = part.value
  // Some runtimes write September in four letters; the strip and the cards are built for three.
  if (length === 'short') parts.month = parts.month.slice(0, 3)
  return parts
}

/** Beyond this a date could be taken for one of another year. */
const YEAR_UNSAID_MS_MAX = 183 * 86_400_000
const WEEK_MS = 7 * 86_400_000

/** ` 2027` where the date lies in another year than now, or more than half a year away; else nothing. */
function yearOf(iso: string | number, time_zone: string, now_ms: number): string {
  const { year } = partsOf(iso, time_zone, 'long')
  const far = Math.abs(new Date(iso).getTime() - now_ms) > YEAR_UNSAID_MS_MAX
  return far || year !== partsOf(now_ms, time_zone, 'long').year ? ` ${year}` : ''
}

/** `Thu 26 Nov, 20:00`, with the year where it could be mistaken: `Thu 3 Feb 2028, 17:49`. */
export function shortWhen(iso: string | number, time_zone: string, now_ms: number): string {
  const p = partsOf(iso, time_zone, 'short')
  return `${p.weekday} ${p.day} ${p.month}${yearOf(iso, time_zone, now_ms)}, ${p.hour}:${p.minute}`
}

/** `Saturday 28 November, 18:00`, with the year where it could be mistaken. */
export function longWhen(iso: string | number, time_zone: string, now_ms: number): string {
  return `${longDay(iso, time_zone, now_ms)}, ${timeOf(iso, time_zone)}`
}

/** `Saturday 28 November`, with the year where it could be mistaken. */
export function longDay(iso: string | number, time_zone: string, now_ms: number): string {
  const p = partsOf(iso, time_zone, 'long')
  return `${p.weekday} ${p.day} ${p.month}${yearOf(iso, time_zone, now_ms)}`
}

/** `28 November`, with the year where it could be mistaken. */
export function dayAndMonth(iso: string | number, time_zone: string, now_ms: number): string {
  const p = partsOf(iso, time_zone, 'long')
  return `${p.day} ${p.month}${yearOf(iso, time_zone, now_ms)}`
}

/** `Fri 10:00` within the coming week, by date beyond. */
export function soonWhen(iso: string | number, time_zone: string, now_ms: number, length: 'short' | 'long' = 'short') {
  if (isWithinWeek(iso, now_ms)) return `${weekday(iso, time_zone, length)} ${timeOf(iso, time_zone)}`
  return (length === 'short' ? shortWhen : longWhen)(iso, time_zone, now_ms)
}

/** Whether the name of its weekday alone says which day is meant, for a time that lies ahead. */
export function isWithinWeek(iso: string | number, now_ms: number): boolean {
  return new Date(iso).getTime() - now_ms < WEEK_MS
}

export type Span = { start_time: string; end_time: string }

/** ` – Fri 29 Jan 2027, 18:00` where it ends on another day than it starts, else nothing. Midnight belongs to the day before. */
export function untilWhen({ start_time, end_time }: Span, time_zone: string, now_ms: number): string {
  const last_ms = Date.parse(end_time) - 1
  if (dayKey(start_time, time_zone) === dayKey(last_ms, time_zone)) return ''
  return ` – ${shortWhen(end_time, time_zone, now_ms)}`
}

export function weekday(iso: string | number, time_zone: string, length: 'short' | 'long' = 'long'): string {
  return partsOf(iso, time_zone, length).weekday
}

/** `18:00`, or `18:00:42` with seconds. */
export function timeOf(iso: string | number, time_zone: string, { seconds = false } = {}): string {
  const p = partsOf(iso, time_zone, 'short')
  return seconds ? `${p.hour}:${p.minute}:${p.second}` : `${p.hour}:${p.minute}`
}

/** The calendar day there, `2026-11-28`. */
export function dayKey(iso: string | number, time_zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone, dateStyle: 'short' }).format(new Date(iso))
}

/** `4:38` under an hour, `17:42:08` under a day, `3 days, 17:42:08` beyond. Never negative. */
export function spanText(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1_000))
  const two = (n: number) => String(n).padStart(2, '0')
  const days = Math.floor(s / 86_400)
  const clock = `${two(Math.floor(s / 3_600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
  if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'}, ${clock}`
  return s >= 3_600 ? clock : `${Math.floor(s / 60)}:${two(s % 60)}`
}

/** `just now`, `14 minutes ago`, `3 hours ago`. */
export function agoText(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} ${hours === 1 ? 'hour' : 'hours'} ago` : `${Math.floor(hours / 24)} days ago`
}
