import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { connectionConfig, watchServer } from './connection.ts'

/** A schema with its SQL folder: `migrations/0001_….sql` (forward only) beside repeatable functions, one a file. */
export type SchemaSource = { name: string; sql: URL | null }

type Log = (message: string) => void

const LOCK = 7_236_470_001
const LOCK_RETRY_MS = 100
/** Reads every outbox and inbox, writes its cursors: the event relay. */
const RELAY_ROLE = 'tessera_relay'
/** Reads everything, writes nothing: the invariants. */
const AUDITOR_ROLE = 'tessera_auditor'

const PLATFORM_SQL = new URL('./sql/', import.meta.url)
/** Changes of the standard tables since `standard.sql`, in every context's schema. */
const STANDARD_SQL = new URL('./sql/standard/', import.meta.url)

/**
 * Migrates the database, as the owner, one migrator at a time (advisory lock). Each schema gets a role that can access
 * only it, the standard tables, its pending migrations (one transaction each, checked by hash) and its repeatable
 * functions (re-applied when their text changes).
 */
export async function migrate(
  url: string,
  schemas: readonly SchemaSource[],
  log: Log = () => undefined,
): Promise<void> {
  const client = new pg.Client(
    connectionConfig({ url, application_name: 'tessera-migrate', statement_timeout_ms: null }),
  )
  // The statement in progress fails by itself; without a listener the process would end first.
  client.on('error', () => undefined)
  await client.connect()
  const stopWatching = watchServer(client, url)
  try {
    await lock(client)
    await prepare(client)
    for (const schema of [{ name: 'platform', sql: PLATFORM_SQL }, ...schemas]) await migrateSchema(client, schema, log)
    const { rows } = await client.query<{ adopted: boolean }>('select platform.adopt_outboxes() as adopted')
    if (rows[0]?.adopted === true) log('this database was restored: events are read from the start once more')
  } finally {
    stopWatching()
    await client.end()
  }
}

/** Polls: a waiting statement would hold back the event horizon of the whole server. */
async function lock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [LOCK])
    if (rows[0]?.locked === true) return
    await delay(LOCK_RETRY_MS)
  }
}

async function prepare(client: pg.Client): Promise<void> {
  await client.query(`
    create schema if not exists platform;
    create table if not exists platform.migrations (
      schema_name text not null, file text not null, hash text not null, applied_at timestamptz not null default now(),
      primary key (schema_name, file));`)
  for (const role of [RELAY_ROLE, AUDITOR_ROLE]) await ensureRole(client, role)
}

/** Roles belong to the cluster: another database's migrator may make the same one at the same moment. */
async function ensureRole(client: pg.Client, role: string): Promise<void> {
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
    exception when duplicate_object or unique_violation then null; end $$;`)
  const { rows } = await client.query<{ member: boolean }>(`select pg_has_role(current_user, $1, 'set') as member`, [
    role,
  ])
  if (rows[0]?.member !== true) await client.query(`grant ${role} to current_user`)
}

async function migrateSchema(client: pg.Client, schema: SchemaSource, log: Log): Promise<void> {
  const role = `tessera_${schema.name}`
  await ensureRole(client, role)
  const { rows } = await client.query<{ file: string; hash: string }>(
    'select file, hash from platform.migrations where schema_name = $1',
    [schema.name],
  )
  const applied = new Map(rows.map((row) => [row.file, row.hash]))
  if (!applied.has('standard')) await applyStandard(client, schema.name, role)
  const standard = schema.name === 'platform' ? [] : sqlFiles(STANDARD_SQL, './')
  for (const file of [
    ...standard.map((one) => ({ ...one, name: `standard/${one.name}` })),
    ...sqlFiles(schema.sql, 'migrations/'),
  ]) {
    const known = applied.get(file.name)
    if (known === file.hash) continue
    if (known !== undefined) throw new Error(`Migration ${schema.name}/${file.name} was changed after it was applied`)
    await applyFile(client, schema.name, file)
    log(`migrated ${schema.name}: ${file.name}`)
  }
  for (const file of sqlFiles(schema.sql, './')) {
    if (applied.get(file.name) !== file.hash) await applyFile(client, schema.name, file)
  }
}

async function applyStandard(client: pg.Client, name: string, role: string): Promise<void> {
  await client.query('begin')
  await client.query(`
    create schema if not exists ${name};
    grant usage on schema ${name} to ${role}, ${RELAY_ROLE}, ${AUDITOR_ROLE};
    alter default privileges in schema ${name} grant select, insert, update, delete on tables to ${role};
    alter default privileges in schema ${name} grant usage, select on sequences to ${role};
    alter default privileges in schema ${name} grant select on tables to ${AUDITOR_ROLE};
    set local search_path to ${name};`)
  if (name !== 'platform') {
    await client.query(readFileSync(new URL('./standard.sql', import.meta.url), 'utf8'))
    await client.query(
      `grant select on ${name}.outbox, ${name}.inbox to ${RELAY_ROLE}; grant delete on ${name}.inbox to ${RELAY_ROLE}`,
    )
  }
  await client.query('insert into platform.migrations (schema_name, file, hash) values ($1, $2, $3)', [
    name,
    'standard',
    '1',
  ])
  await client.query('commit')
}

type SqlFile = { name: string; text: string; hash: string }

function sqlFiles(base: URL | null, folder: string): SqlFile[] {
  if (base === null) return []
  const url = new URL(folder, base)
  let names: string[]
  try {
    names = readdirSync(url)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return names
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(name, url), 'utf8')
      return { name, text, hash: createHash('sha256').update(text).digest('base64url') }
    })
}

async function applyFile(client: pg.Client, schema: string, file: SqlFile): Promise<void> {
  try {
    await client.query('begin')
    await client.query(`set local search_path to ${schema}, public`)
    await client.query(file.text)
    await client.query(
      `insert into platform.migrations (schema_name, file, hash) values ($1, $2, $3)
       on conflict (schema_name, file) do update set hash = excluded.hash, applied_at = now()`,
      [schema, file.name, file.hash],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    if (error instanceof Error) error.message = `${schema}/${file.name}: ${error.message}`
    throw error
  }
}
