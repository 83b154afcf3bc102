/** Times as a ticket prints them, on the venue's clock. */
export type When = { day: string; time: string; doors: string | null; zone: string }

const LOCALE = 'en-GB'

export function whenOf(input: { start_time: string; doors_time: string | null; time_zone: string }): When {
  const { time_zone: timeZone } = input
  const start = new Date(input.start_time)
  const day = new Intl.DateTimeFormat(LOCALE, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
  const clock = new Intl.DateTimeFormat(LOCALE, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const zone = new Intl.DateTimeFormat(LOCALE, { timeZone, timeZoneName: 'long' })
  return {
    day: day.format(start).replaceAll(',', ''),
    time: clock.format(start),
    doors: input.doors_time === null ? null : clock.format(new Date(input.doors_time)),
    zone: zone.formatToParts(start).find((part) => part.type === 'timeZoneName')?.value ?? timeZone,
  }
}
