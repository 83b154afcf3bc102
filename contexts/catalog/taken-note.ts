import { loadSql, type Queryable } from '#platform/db'

const sql = loadSql(import.meta.url, ['recent_announcements', 'recent_cancellation'])

type Deps = {
  everything: Queryable
  delivered(event_id: string, consumers: readonly string[], timeout_ms?: number): Promise<boolean>
}

/** Booking reads 80,000 seats once a chart: a second alone, several on a busy machine. */
const WAIT_MS = 10_000

/**
 * True when booking has processed the event's latest announcements, so that the next hold sees the publication. Checked
 * after every such write, also when repeated: the first caller may have left before the answer.
 */
export function saleOpened(deps: Deps, input: { event_id: string }): Promise<boolean> {
  return taken(deps, sql.recent_announcements, input, 'booking.open')
}

/** True when booking has closed the sale of a cancelled event. */
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
