import { Temporal } from 'temporal-polyfill'

const YEAR_HOURS = 366 * 24
const TRANSITIONS_MAX = 12

/**
 * A VTIMEZONE (RFC 5545, 3.6.5) that is right around `at`: every change of the zone's offset from a year before to a year
 * after, each as an observance of its own, from the runtime's IANA data.
 */
export function timeZoneBlock(zone: string, at: string): string {
  const instant = Temporal.Instant.from(at)
  const end = instant.add({ hours: YEAR_HOURS })
  const start = instant.subtract({ hours: YEAR_HOURS }).toZonedDateTimeISO(zone)
  const observances: string[] = []
  let change = start.getTimeZoneTransition('previous') ?? start.getTimeZoneTransition('next')
  while (
    change !== null &&
    Temporal.Instant.compare(change.toInstant(), end) < 0 &&
    observances.length < TRANSITIONS_MAX
  ) {
    const before = change.subtract({ nanoseconds: 1 })
    observances.push(
      observance(
        change.offsetNanoseconds > before.offsetNanoseconds,
        wallBefore(change, before),
        before.offset,
        change.offset,
      ),
    )
    change = change.getTimeZoneTransition('next')
  }
  if (observances.length === 0) observances.push(observance(false, '19700101T000000', start.offset, start.offset))
  return ['BEGIN:VTIMEZONE', `TZID:${zone}`, ...observances, 'END:VTIMEZONE'].join('\r\n')
}

/** The moment of the change on the clock that showed the old offset. */
function wallBefore(change: Temporal.ZonedDateTime, before: Temporal.ZonedDateTime): string {
  const shift = before.offsetNanoseconds - change.offsetNanoseconds
  const wall = change.toPlainDateTime().add({ nanoseconds: shift })
  return wall.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')
}

function observance(daylight: boolean, starts: string, from: string, to: string): string {
  const name = daylight ? 'DAYLIGHT' : 'STANDARD'
  return [
    `BEGIN:${name}`,
    `DTSTART:${starts}`,
    `TZOFFSETFROM:${from.replaceAll(':', '')}`,
    `TZOFFSETTO:${to.replaceAll(':', '')}`,
    `END:${name}`,
  ].join('\r\n')
}
