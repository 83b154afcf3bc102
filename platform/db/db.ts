import pg from 'pg'
import { openPool, SESSION, STATEMENT_TIMEOUT_MS, watchServer, watchSession } from './connection.ts'
import { codeOf } from './error-code.ts'
import { retryRolledBack } from './retry.ts'
import type { Statement } from './sql.ts'

export type Row = object
export type Params = Readonly<Record<string, unknown>>

/**
 * The operations of both a pool and a transaction. The verb names the number of rows allowed; any other number throws.
 */
export type Queryable = {
  /** Exactly one row. */
  one<R extends Row>(statement: Statement, params?: Params): Promise<R>
  /** One row or none. */
  maybe<R extends Row>(statement: Statement, params?: Params): Promise<R | undefined>
  /** Any number of rows. */
  many<R extends Row>(statement: Statement, params?: Params): Promise<R[]>
  /** No rows wanted; returns the number of affected rows. */
  none(statement: Statement, params?: Params): Promise<number>
  /** Plain text with `$1…`: for tests and platform code only. */
  query<R extends Row>(text: string, values?: readonly unknown[]): Promise<R[]>
}

export type Tx = Queryable & {
  /** Called by `publish`: the relay is notified once the transaction has committed. */
  markPublished(topic: string): void
}

export type TransactionOptions = {
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  read_only?: boolean
  /** Transaction-local settings, such as the tenant that row-level security reads. */
  settings?: Readonly<Record<string, string>>
}

export type Db = Queryable & {
  /**
   * Runs `work` in a transaction and commits; a throw rolls back. After a serialization failure or a deadlock it runs
   * again (`retryRolledBack`), so `work` must have no effect but its queries.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
  /**
   * A session of its own, for listeners and session locks; the caller releases it. It is probed every two seconds, and
   * emits `end` when it does not answer. Not available through a transaction pooler.
   */
  connect(): Promise<pg.PoolClient>
  close(): Promise<void>
}

export type DbOptions = {
  url: string
  /** Connections act as this role, which can touch only its own schema. */
  role?: string
  search_path?: string
  connections_max?: number
  application_name?: string
  /** Called after each commit that wrote events, with their topics. */
  onPublished?: (topics: ReadonlySet<string>) => void
  onError?: (error: Error) => void
  /** Further settings of each connection, e.g. `plan_cache_mode`. */
  settings?: Readonly<Record<string, string>>
  /** Time limit of one statement; for limits above the default, fresh connections watch the server meanwhile. */
  statement_timeout_ms?: number
  /**
   * `url` is a pooler in transaction mode (PgBouncer): role and settings are set in each transaction, and statements
   * are not prepared by name. Works with any such pooler, at the cost of a transaction around single statements.
   */
  pooled?: boolean
}

/**
 * Settings for a pool whose statements find rows by key, a batch at a time. A plan made while a table was small reads it
 * whole, and stays until the table is analyzed; under these it takes the index whatever the statistics say. The plan is the
 * generic one: with custom plans every batch is planned anew, which made holds 25-40 % slower.
 */
export const BY_KEY: Readonly<Record<string, string>> = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
}

/** The commit was sent and no answer arrived: it may have happened. Resolve by idempotency key, never by guessing. */
export class UnknownOutcomeError extends Error {
  override name = 'UnknownOutcomeError'
}

const types = new pg.TypeOverrides()
const INT8_ARRAY = 1016
types.setTypeParser(pg.types.builtins.INT8, wholeNumber)
types.setTypeParser(INT8_ARRAY, (text) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(wholeNumber)))
types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => (text.endsWith('infinity') ? text : isoTime(text)))

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} is too large for a number`)
  return value
}

const UTC_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/

/** `2026-03-01 19:00:00.5+00`, as sessions in UTC write it, in ISO 8601 with milliseconds. Parsing a date costs ten times as much. */
export function isoTime(text: string): string {
  const [, date, time, fraction = ''] = UTC_TIME.exec(text) ?? []
  if (date === undefined) return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString()
  return `${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
}

/** Opens a pool. Nothing connects before the first query. */
export function openDb(options: DbOptions): Db {
  const settings = {
    ...(options.role === undefined ? {} : { role: options.role }),
    ...(options.search_path === undefined ? {} : { search_path: options.search_path }),
    ...options.settings,
  }
  const { pooled = false, statement_timeout_ms = STATEMENT_TIMEOUT_MS } = options
  const pool = openPool({
    url: options.url,
    connections_max: options.connections_max ?? 4,
    application_name: options.application_name ?? options.role ?? 'tessera',
    statement_timeout_ms,
    settings,
    pooled,
    types,
    onError: options.onError,
  })
  const opened: Opened = {
    pool,
    onPublished: options.onPublished,
    setUp: pooled ? transactionSettings({ ...SESSION, statement_timeout: `${statement_timeout_ms}`, ...settings }) : '',
    watch:
      statement_timeout_ms > STATEMENT_TIMEOUT_MS
        ? (client) => watchServer(client, options.url)
        : () => () => undefined,
  }
  return {
    ...queryable((config) => (pooled ? runPooled(opened, config) : runWatched(opened, config))),
    transaction: (work, transactionOptions) =>
      retryRolledBack(() => attemptTransaction(opened, work, transactionOptions ?? {})),
    connect: async () => {
      if (pooled) throw new Error('A dedicated session needs PostgreSQL itself, not its pooler')
      return session(await pool.connect())
    },
    close: () => pool.end(),
  }
}

type Opened = {
  pool: pg.Pool
  onPublished: DbOptions['onPublished']
  /** Statements that begin each transaction of a pooled connection. */
  setUp: string
  /** While a long statement runs. */
  watch(client: pg.PoolClient): () => void
}

/**
 * `set local …` for each setting; names are ours, values are quoted. Defaults of the session become settings of this
 * transaction.
 */
function transactionSettings(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .filter(([name]) => name !== 'default_transaction_isolation')
    .map(([name, value]) => `; set local ${name.replace(/^default_/, '')} = '${value.replaceAll("'", "''")}'`)
    .join('')
}

/** A named statement exists in one session of the server, and the pooler may give the next transaction another. */
function unprepared({ name: _, ...rest }: pg.QueryConfig): pg.QueryConfig {
  return rest
}

async function session(client: pg.PoolClient): Promise<pg.PoolClient> {
  const stopWatching = watchSession(client as pg.PoolClient & { end(): Promise<void> })
  const { release } = client
  client.release = (error) => {
    stopWatching()
    release(error)
  }
  return client
}

/** One statement on a connection of the pool. */
async function runWatched({ pool, watch }: Opened, config: pg.QueryConfig): Promise<pg.QueryResult> {
  const client = await pool.connect()
  const stopWatching = watch(client)
  let broken: Error | undefined
  try {
    return await client.query(config)
  } catch (error) {
    if (isConnectionLoss(error)) broken = toError(error)
    throw error
  } finally {
    stopWatching()
    client.release(broken)
  }
}

/** The same in a transaction of its own, in which a pooled connection gets its role. */
async function runPooled({ pool, setUp, watch }: Opened, config: pg.QueryConfig): Promise<pg.QueryResult> {
  const client = await pool.connect()
  const stopWatching = watch(client)
  let broken: Error | undefined
  try {
    await client.query(`begin isolation level read committed${setUp}`)
    const result = await client.query(unprepared(config))
    await commit(client)
    return result
  } catch (error) {
    broken = await rolledBack(client, error)
    throw error
  } finally {
    stopWatching()
    client.release(broken)
  }
}

/** Rolls back after a failed statement; returns the reason if the connection is no longer usable. */
async function rolledBack(client: pg.PoolClient, error: unknown): Promise<Error | undefined> {
  if (isConnectionLoss(error) || error instanceof UnknownOutcomeError) return toError(error)
  return client.query('rollback').then(() => undefined, toError)
}

type Run = (config: pg.QueryConfig) => Promise<pg.QueryResult>

function queryable(run: Run): Queryable {
  const rows = async <R extends Row>(statement: Statement, params: Params): Promise<pg.QueryResult<R>> => {
    const values = statement.params.map((name) => {
      if (!(name in params)) throw new Error(`${statement.name} misses the parameter :${name}`)
      return params[name]
    })
    try {
      return (await run({ name: statement.name, text: statement.text, values })) as pg.QueryResult<R>
    } catch (error) {
      if (error instanceof Error) error.message = `${statement.name}: ${error.message}`
      throw error
    }
  }
  const maybe = async <R extends Row>(statement: Statement, params: Params): Promise<R | undefined> => {
    const result = await rows<R>(statement, params)
    if (result.rows.length > 1)
      throw new Error(`${statement.name} gave ${result.rows.length} rows, at most one may come`)
    return result.rows[0]
  }
  return {
    maybe: (statement, params = {}) => maybe(statement, params),
    many: async <R extends Row>(statement: Statement, params: Params = {}) => (await rows<R>(statement, params)).rows,
    none: async (statement, params = {}) => (await rows(statement, params)).rowCount ?? 0,
    one: async <R extends Row>(statement: Statement, params: Params = {}) => {
      const row = await maybe<R>(statement, params)
      if (row === undefined) throw new Error(`${statement.name} gave no row, one must come`)
      return row
    },
    query: async <R extends Row>(text: string, values: readonly unknown[] = []) =>
      (await run({ text, values: [...values] })).rows as R[],
  }
}

async function attemptTransaction<T>(
  { pool, onPublished, setUp, watch }: Opened,
  work: (tx: Tx) => Promise<T>,
  transactionOptions: TransactionOptions,
): Promise<T> {
  const client = await pool.connect()
  const stopWatching = watch(client)
  let broken: Error | undefined
  const published = new Set<string>()
  try {
    const { isolation = 'read committed', read_only = false } = transactionOptions
    await client.query(`begin isolation level ${isolation}${read_only ? ' read only' : ''}${setUp}`)
    for (const [name, value] of Object.entries(transactionOptions.settings ?? {})) {
      await client.query('select set_config($1, $2, true)', [name, value])
    }
    const tx: Tx = {
      ...queryable((config) => client.query(setUp === '' ? config : unprepared(config))),
      markPublished: (topic) => {
        published.add(topic)
      },
    }
    const result = await work(tx)
    await commit(client)
    if (published.size > 0) onPublished?.(published)
    return result
  } catch (error) {
    broken = await rolledBack(client, error)
    throw error
  } finally {
    stopWatching()
    client.release(broken)
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('commit')
  } catch (error) {
    if (isConnectionLoss(error))
      throw new UnknownOutcomeError('The connection was lost during commit', { cause: error })
    throw error
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

/** True when the server went away: class 08, admin shutdown, crash, a socket error, or no answer in time. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined && (/^(08|57P0[123])/.test(code) || /^E(CONN|PIPE|TIMEDOUT|HOST)/.test(code))) return true
  return (
    error instanceof Error &&
    /Connection terminated|connection timeout|timeout exceeded when trying|Query read timeout|Client (was closed|has encountered)/i.test(
      error.message,
    )
  )
}
