import { type Db, loadSql } from '#platform/db'
import type { Consumer } from '../consumer.ts'
import { contextOf, type Transport } from '../port.ts'
import { forgetRetriesAndLetters } from './retries.ts'

const sql = loadSql(import.meta.url, ['raise_generation', 'empty_inbox'])

/**
 * Replays all events to a consumer from the start. In one transaction of the owner: the generation is raised, which
 * waits for a batch in progress and rejects one that was read before; the consumer's own tables are emptied, unless it
 * is idempotent; its inbox, retries, dead letters and position are deleted. The relay, in this or another process, does
 * the rest.
 */
export async function replay(owner: Db, transport: Transport, consumer: Consumer): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.query(`select set_config('search_path', $1, true)`, [contextOf(consumer.name)])
    await tx.none(sql.raise_generation, { consumer: consumer.name })
    await tx.none(sql.empty_inbox, { consumer: consumer.name })
    await forgetRetriesAndLetters(tx, consumer.name)
    if (consumer.reset !== 'idempotent') await consumer.reset(tx)
    await transport.rewind(tx, consumer.name)
  })
}
