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

/** `Thu 26 Nov, 20:00` */
export function shortWhen(iso: string | number, time_zone: string): string {
  const p = partsOf(iso, time_zone, 'short')
  return `${p.weekday} ${p.day} ${p.month}, ${p.hour}:${p.minute}`
}

/** `Saturday 28 November 2026, 18:00`; the year only where `with_year`. */
export function longWhen(iso: string | number, time_zone: string, { with_year = false } = {}): string {
  const p = partsOf(iso, time_zone, 'long')
  return `${p.weekday} ${p.day} ${p.month}${with_year ? ` ${p.year}` : ''}, ${p.hour}:${p.minute}`
}

/** `Saturday 28 November` */
export function longDay(iso: string | number, time_zone: string): string {
  const p = partsOf(iso, time_zone, 'long')
  return `${p.weekday} ${p.day} ${p.month}`
}

/** `28 November` */
export function dayAndMonth(iso: string | number, time_zone: string): string {
  const p = partsOf(iso, time_zone, 'long')
  return `${p.day} ${p.month}`
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
