import type { Secrets } from '#platform/auth'
import { loadSql, type Tx } from '#platform/db'

type Deps = { secrets: Secrets }

/** What an order link hangs on: links end some time after the performance, and when they are revoked. */
export type Linked = { booking_id: string; link_version: number; link_alive: boolean }

const PURPOSE = 'order'
const sql = loadSql(import.meta.url, ['revoke'])

/** The token of a booking's order link, or null when its time is over. Only the owner and its bearer are ever told it. */
export function orderToken({ secrets }: Deps, booking: Linked): string | null {
  return booking.link_alive ? secrets.tokenFor(PURPOSE, subjectOf(booking)) : null
}

/** Does this token open this booking now? */
export function orderTokenFits({ secrets }: Deps, booking: Linked, token: string): boolean {
  return booking.link_alive && secrets.tokenFits(PURPOSE, subjectOf(booking), token)
}

/** Ends the present order link; the booking has another from now on. */
export async function revokeOrderLink(tx: Tx, booking_id: string): Promise<void> {
  await tx.none(sql.revoke, { booking_id })
}

function subjectOf({ booking_id, link_version }: Linked): string {
  return link_version === 0 ? booking_id : `${booking_id}#${link_version}`
}
