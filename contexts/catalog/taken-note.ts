import { loadSql, type Queryable } from '#platform/db'

const sql = loadSql(import.meta.url, ['recent_announcements', 'recent_cancellation'])

type Deps = {
  everything: Queryable
  delivered(event_id: string, consumers: readonly string[], timeout_ms?: number): Promise<boolean>
}

/** Booking reads 80,000 seats once a chart: a second alone, several on a busy machine. */
const WAIT_MS = 10_000

/**
 * Has booking taken note of the event's latest announcements, so that the next hold meets what was just published? Asked
 * after every such write, its repeats included: the first caller may have gone before the answer.
 */
export function saleOpened(deps: Deps, input: { event_id: string }): Promise<boolean> {
  return taken(deps, sql.recent_announcements, input, 'booking.open')
}

/** Has booking closed the sale of a cancelled event? */
export function saleEnded(deps: Deps, input: { event_id: string }): Promise<boolean> {
  return taken(deps, sql.recent_cancellation, input, 'booking.cancel-event')
}

async function taken(
  deps: Deps,
  statement: (typeof sql)[keyof typeof sql],
  input: { event_id: string },
  consumer: string,
): Promise<boolean> {
  const rows = await deps.everything.many<{ event_id: string }>(statement, input)
  const answers = await Promise.all(rows.map((row) => deps.delivered(row.event_id, [consumer], WAIT_MS)))
  return answers.every(Boolean)
}
