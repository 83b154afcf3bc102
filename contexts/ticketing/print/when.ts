/** Times as a ticket prints them, on the venue's clock and in one locale. */
export type When = Moment & {
  doors: string | null
  zone: string
  /** Null where it ends on the day that it starts on. */
  ends: Moment | null
}

type Moment = { weekday: string; date: string; time: string }

export function whenOf(
  input: { start_time: string; end_time: string; doors_time: string | null; time_zone: string },
  locale: string,
): When {
  const { time_zone: timeZone } = input
  const start = new Date(input.start_time)
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const clock = format({ hour: '2-digit', minute: '2-digit' })
  const day = format({ day: 'numeric', month: 'short', year: 'numeric' })
  const zone = format({ timeZoneName: 'long' })
  const momentOf = (time: Date): Moment => ({
    weekday: format({ weekday: 'short' }).format(time),
    date: day.format(time),
    time: clock.format(time),
  })
  const end = new Date(input.end_time)
  // Midnight belongs to the evening before.
  const ends_that_day = day.format(start) === day.format(end.getTime() - 1)
  return {
    ...momentOf(start),
    ends: ends_that_day ? null : momentOf(end),
    doors: input.doors_time === null ? null : clock.format(new Date(input.doors_time)),
    zone: zone.formatToParts(start).find((part) => part.type === 'timeZoneName')?.value ?? timeZone,
  }
}
