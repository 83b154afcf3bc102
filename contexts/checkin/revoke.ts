import type { RevokeOutcome } from '@tessera/contracts/rpc/checkin'
import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['revoke_tickets', 'used'])

/** Makes tickets unusable at the door, all or none: when one of them was admitted, none is revoked. Idempotent. */
export async function revoke(
  { db }: { db: Db },
  input: { booking_id: string; ticket_ids: string[] },
): Promise<RevokeOutcome> {
  const { inside } = await db.transaction((tx) => tx.one<{ inside: string[] }>(sql.revoke_tickets, input))
  return inside.length === 0 ? { kind: 'revoked' } : { kind: 'admitted', ticket_ids: inside }
}

/** Those of these tickets that have been used. */
export async function usedTickets(db: Db, ticket_ids: readonly string[]): Promise<Map<string, true>> {
  const rows = await db.many<{ ticket_id: string }>(sql.used, { ticket_ids })
  return new Map(rows.map((row) => [row.ticket_id, true]))
}
