import type { Secrets } from '#platform/auth'
import { loadSql, type Tx } from '#platform/db'

type Deps = { secrets: Secrets }

/**
 * The values that an order link's validity depends on: links expire some time after the performance, and when revoked.
 */
export type Linked = { booking_id: string; link_version: number; link_alive: boolean }

const PURPOSE = 'order'
const sql = loadSql(import.meta.url, ['revoke'])

/**
 * The token of a booking's order link, or null when expired. Only the owner and the bearer of the link may receive it.
 */
export function orderToken({ secrets }: Deps, booking: Linked): string | null {
  return booking.link_alive ? secrets.tokenFor(PURPOSE, subjectOf(booking)) : null
}

/** True when this token opens this booking now. */
export function orderTokenFits({ secrets }: Deps, booking: Linked, token: string): boolean {
  return booking.link_alive && secrets.tokenFits(PURPOSE, subjectOf(booking), token)
}

/** Revokes the present order link; the booking gets a new one. */
export async function revokeOrderLink(tx: Tx, booking_id: string): Promise<void> {
  await tx.none(sql.revoke, { booking_id })
}

function subjectOf({ booking_id, link_version }: Linked): string {
  return link_version === 0 ? booking_id : `${booking_id}#${link_version}`
}
