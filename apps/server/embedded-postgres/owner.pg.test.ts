import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '#platform/db'
import { productSchemas } from '../compose.ts'
import { ownerUrl } from './owner.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start.ts'

let folder: string
let server: EmbeddedPostgres

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-owner-'))
  const quiet = (): void => undefined
  server = await startEmbeddedPostgres({
    data_dir: folder,
    log: { info: quiet, warn: quiet, error: quiet },
    throwaway: true,
  })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

const FOREIGN = `
  select n.nspname || '.' || c.relname as object from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relowner = 'postgres'::regrole and n.nspname !~ '^(pg_|information_schema)'
  union all
  select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.proowner = 'postgres'::regrole and n.nspname !~ '^(pg_|information_schema)'`

test('the product runs as an owner who is no superuser, also on databases of earlier versions', async () => {
  const schemas = await productSchemas()
  await migrate(server.url, schemas)
  expect(await ask(server.url, FOREIGN)).not.toEqual([])
  const url = await ownerUrl(server.url)
  expect(await ask(server.url, FOREIGN)).toEqual([])
  // The owner can migrate: nothing is left to do, and a new schema with its role can be made.
  await migrate(url, [...schemas, { name: 'later', sql: null }])
  expect(
    await ask(url, 'select rolsuper, rolcreatedb, rolreplication from pg_roles where rolname = current_user'),
  ).toEqual([{ rolsuper: false, rolcreatedb: false, rolreplication: false }])
  // Contexts act as roles of their own, also on new tables of the owner.
  await ask(url, 'create table booking.made_later (n int)')
  await ask(url, 'set role tessera_booking; insert into booking.made_later values (1)')
  expect(
    await ask(url, `select has_table_privilege('tessera_booking', 'booking.made_later', 'insert') as may`),
  ).toEqual([{ may: true }])
  await expect(ask(url, `copy (select 1) to program 'true'`)).rejects.toThrow(/permission denied/)
  expect(await ownerUrl(server.url)).toBe(url)
})
