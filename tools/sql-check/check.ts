import { parse } from 'node:path'
import pg from 'pg'
import { parseSql } from '#platform/db'
import { createTestDatabase } from '#platform/testing'
import { productSchemas } from '../../apps/server/compose.ts'
import type { Verdict } from '../check.ts'
import { files, textOf } from '../tree.ts'
import { complaintOf, type Standing } from './prepare.ts'

const BLOCKS_MIN = 100

/**
 * Every block of every `.sql` file, planned against a freshly migrated database in the role and search_path it runs in:
 * a column, function or type that does not exist fails, and so does a look into another context's schema.
 */
export async function checkSql(): Promise<Verdict> {
  await using database = await createTestDatabase(await productSchemas())
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const complaints: string[] = []
    let blocks = 0
    const code = files().filter((path) => path.endsWith('.ts'))
    for (const file of files().filter(holdsBlocks)) {
      const found = [...parseSql(textOf(file), file).values()]
      if (found.length === 0) complaints.push(`${file} has no block`)
      if (!isLoaded(file, code)) complaints.push(`${file} is loaded by nobody`)
      blocks += found.length
      for (const statement of found) {
        const complaint = await complaintOf(client, statement, standingOf(file))
        if (complaint !== null) complaints.push(`${statement.name} (${file}): ${complaint}`)
      }
    }
    if (blocks < BLOCKS_MIN) complaints.push(`only ${blocks} blocks were found`)
    return { complaints, looked_at: `${blocks} blocks` }
  } finally {
    await client.end()
  }
}

/** `sql/` folders hold functions and migrations, as does the standard schema: migrating has just run them. */
function holdsBlocks(file: string): boolean {
  return (
    /^(apps|contexts|platform)\/.*\.sql$/.test(file) && !file.includes('/sql/') && file !== 'platform/db/standard.sql'
  )
}

/** By the file of its name, or by a neighbour that says so; which blocks are used, `loadSql` itself looks at. */
function isLoaded(file: string, code: readonly string[]): boolean {
  const { dir, name, base } = parse(file)
  return code.some(
    (path) =>
      (path === `${dir}/${name}.ts` && textOf(path).includes('loadSql(import.meta.url')) ||
      (path.startsWith(`${dir}/`) && textOf(path).includes(`/${base}'`)),
  )
}

/** Platform blocks stand on the tables that every context has; invariants are asked by the auditor. */
function standingOf(file: string): Standing {
  const [room, name] = file.split('/')
  if (/(^|[/-])invariants\.sql$/.test(file)) return { role: 'tessera_auditor', search_path: 'public' }
  if (room === 'contexts' && name !== undefined) return { role: `tessera_${name}`, search_path: name }
  return { role: 'tessera_relay', search_path: 'booking' }
}
