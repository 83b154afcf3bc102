/** Times as a ticket prints them, on the venue's clock and in one locale. */
export type When = { weekday: string; date: string; time: string; doors: string | null; zone: string }

export function whenOf(
  input: { start_time: string; doors_time: string | null; time_zone: string },
  locale: string,
): When {
  const { time_zone: timeZone } = input
  const start = new Date(input.start_time)
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const clock = format({ hour: '2-digit', minute: '2-digit' })
  const zone = format({ timeZoneName: 'long' })
  return {
    weekday: format({ weekday: 'short' }).format(start),
    date: format({ day: 'numeric', month: 'short', year: 'numeric' }).format(start),
    time: clock.format(start),
    doors: input.doors_time === null ? null : clock.format(new Date(input.doors_time)),
    zone: zone.formatToParts(start).find((part) => part.type === 'timeZoneName')?.value ?? timeZone,
  }
}
