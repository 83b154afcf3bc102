import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate, type SchemaSource } from '#platform/db'

export type TestDatabase = {
  url: string
  /** The contexts' connection settings: the same, or through a pooler in transaction mode, where the run has one. */
  context: { url: string; pooled: boolean }
  [Symbol.asyncDispose](): Promise<void>
}

const LOCK = 7_236_470_009

/** The test run's PostgreSQL, started once by the global setup (`tools/test-setup.ts`). */
function serverUrl(): string {
  const url = process.env.TESSERA_TEST_DATABASE_URL
  if (url === undefined)
    throw new Error(
      'TESSERA_TEST_DATABASE_URL is not set: run tests through vitest, its global setup starts PostgreSQL',
    )
  return url
}

/**
 * A database of its own for a test file, cloned from a template that is migrated once for these schemas (63 ms instead
 * of a second). Dispose it; the server is thrown away anyway.
 */
export async function createTestDatabase(schemas: readonly SchemaSource[]): Promise<TestDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: serverUrl() })
  await admin.connect()
  try {
    await admin.query('select pg_advisory_lock($1)', [LOCK])
    const template = await ensureTemplate(admin, schemas)
    await admin.query(`create database ${name} template ${template}`)
  } finally {
    await admin.end()
  }
  return {
    url: databaseUrl(name),
    context: contextConnection(name),
    [Symbol.asyncDispose]: async () => {
      const client = new pg.Client({ connectionString: serverUrl() })
      await client.connect()
      await client.query(`drop database if exists ${name} with (force)`)
      await client.end()
    },
  }
}

async function ensureTemplate(admin: pg.Client, schemas: readonly SchemaSource[]): Promise<string> {
  const name = `template_${hashOf(schemas)}`
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name])
  if (rowCount !== 0) return name
  // Made under another name first: a half-migrated template must never be cloned.
  const making = `${name}_making`
  await admin.query(`drop database if exists ${making} with (force)`)
  await admin.query(`create database ${making}`)
  await migrate(databaseUrl(making), schemas)
  await admin.query(`alter database ${making} rename to ${name}`)
  return name
}

function databaseUrl(name: string): string {
  const url = new URL(serverUrl())
  url.pathname = `/${name}`
  return url.href
}

function contextConnection(name: string): TestDatabase['context'] {
  const pooler = process.env['TESSERA_TEST_POOLER_URL']
  if (pooler === undefined) return { url: databaseUrl(name), pooled: false }
  const url = new URL(pooler)
  url.pathname = `/${name}`
  return { url: url.href, pooled: true }
}

/** Changes when any SQL file of these schemas or of the platform does. */
function hashOf(schemas: readonly SchemaSource[]): string {
  const hash = createHash('sha256')
  const platform = new URL('../db/', import.meta.url)
  for (const folder of [platform, ...schemas.map((schema) => schema.sql)]) {
    if (folder === null) continue
    for (const file of filesUnder(fileURLToPath(folder))) {
      if (/\.(sql|ts)$/.test(file) && !file.includes('.test.')) hash.update(file).update(readFileSync(file))
    }
  }
  return hash
    .update(schemas.map((schema) => schema.name).join())
    .digest('hex')
    .slice(0, 24)
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => `${folder}/${name}`)
    .filter((path) => statSync(path).isFile())
}
