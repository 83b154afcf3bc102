import type pg from 'pg'
import type { Statement } from '#platform/db'

/** Who runs a block, and where names are looked up. */
export type Standing = { role: string; search_path: string }

/** Has the database plan the block as its runner would: what it says of it, or null when it knows every name and type. */
export async function complaintOf(client: pg.Client, statement: Statement, standing: Standing): Promise<string | null> {
  await client.query('begin')
  try {
    await client.query(`set local role ${standing.role}; set local search_path to ${standing.search_path}`)
    // A LOCK has no plan: it is taken, and given back by the rollback.
    const asked = /^lock\b/i.test(statement.text) ? statement.text : `prepare checked as ${statement.text}`
    await client.query(asked)
    await client.query('deallocate all')
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await client.query('rollback')
  }
}
