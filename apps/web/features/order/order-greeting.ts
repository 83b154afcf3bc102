import { isWithinWeek, longDay, type Span, weekday } from '../../ui/when.ts'

type Order = {
  cancelled: boolean
  performance: Span
  /** The venue's. */
  time_zone: string
  now_ms: number
  holder: { first_name: string } | null
  /** Of the account that has the tickets; null for a guest's. */
  email: string | null
}

/** What an order says first, and where its tickets are. */
export function orderGreeting(order: Order): { headline: string; words: string } {
  const { cancelled, holder, email } = order
  if (cancelled) return { headline: 'This order is cancelled.', words: 'Its tickets are no longer valid.' }
  const over = order.now_ms > Date.parse(order.performance.end_time)
  const name = holder ? `, ${holder.first_name}` : ''
  return {
    headline: over ? 'We hope it was lovely.' : `See you ${meetingDay(order)}${name}.`,
    words: email
      ? `In the account of ${email}. Show the code at the door.`
      : 'Show the code at the door, on this screen or printed. Keep the order link: it opens them anywhere.',
  }
}

/** Its weekday within the week before it, its date before that; no day once it has begun. */
function meetingDay({ performance: { start_time }, time_zone, now_ms }: Order): string {
  if (Date.parse(start_time) <= now_ms) return 'there'
  return isWithinWeek(start_time, now_ms)
    ? weekday(start_time, time_zone)
    : `on ${longDay(start_time, time_zone, now_ms)}`
}
