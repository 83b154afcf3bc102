import { type Db, loadSql } from '#platform/db'
import { cancelEvent } from './cancel-event.ts'
import { actingFor } from './tenant.ts'

const sql = loadSql(import.meta.url, ['on_sale'])

/** Acts as `tessera_catalog`. */
type Deps = { db: Db }

/**
 * Cancels every published event of these organizations that is not over, each in a transaction of its own: its buyers get
 * their money back. Drafts and what is over stay as they are; a repeat finds nothing. Resolves to how many it cancelled.
 */
export async function cancelEventsOf(
  { db }: Deps,
  input: { organization_ids: readonly string[] },
): Promise<{ events: number }> {
  let events = 0
  for (const organization_id of input.organization_ids) {
    const acting = actingFor(organization_id)
    const found = await db.transaction((tx) => tx.many<{ event_id: string }>(sql.on_sale, { organization_id }), acting)
    for (const { event_id } of found) {
      const { kind } = await db.transaction((tx) => cancelEvent({ tx }, { organization_id, event_id }), acting)
      if (kind === 'cancelled') events++
    }
  }
  return { events }
}
