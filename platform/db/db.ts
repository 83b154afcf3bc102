import pg from 'pg'
import type { Statement } from './sql.ts'

export type Row = object
export type Params = Readonly<Record<string, unknown>>

/** What both a pool and a transaction can do. The verb says how many rows may come; another number is a bug and throws. */
export type Queryable = {
  /** Exactly one row. */
  one<R extends Row>(statement: Statement, params?: Params): Promise<R>
  /** One row or none. */
  maybe<R extends Row>(statement: Statement, params?: Params): Promise<R | undefined>
  /** Any number of rows. */
  many<R extends Row>(statement: Statement, params?: Params): Promise<R[]>
  /** No rows wanted; answers how many were touched. */
  none(statement: Statement, params?: Params): Promise<number>
  /** Plain text with `$1…`: for tests and platform code only. */
  query<R extends Row>(text: string, values?: readonly unknown[]): Promise<R[]>
}

export type Tx = Queryable & {
  /** Told by `publish`: the relay is nudged once the transaction has committed. */
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
   * Runs `work` in a transaction and commits. Serialization failures and deadlocks (40001, 40P01) are tried again, up to
   * five times with jittered back-off, so `work` must have no effect but its queries. A throw rolls back.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** A connection of its own, for listeners and session locks; the caller releases it. */
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
}

/** The commit was sent and no answer came: it may have happened. Resolve by idempotency key, never by guessing. */
export class UnknownOutcomeError extends Error {
  override name = 'UnknownOutcomeError'
}

const TRIES_MAX = 5
const RETRY_DELAY_MS = 10
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 15_000

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

function isoTime(text: string): string {
  return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString()
}

/** Opens a pool. Nothing connects before the first query. */
export function openDb(options: DbOptions): Db {
  const settings = {
    ...(options.role === undefined ? {} : { role: options.role }),
    ...(options.search_path === undefined ? {} : { search_path: options.search_path }),
    ...options.settings,
  }
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections_max ?? 4,
    application_name: options.application_name ?? options.role ?? 'tessera',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    types,
    ...(flags.length === 0 ? {} : { options: flags.join(' ') }),
  })
  // Without a listener a stopped PostgreSQL ends the process; the pool replaces the connection by itself.
  pool.on('error', (error) => options.onError?.(error))
  // Nor may it between two owners: a connection that breaks while it changes hands has no other listener for a moment.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    ...queryable((config) => pool.query(config)),
    transaction: (work, transactionOptions) => transaction(pool, options, work, transactionOptions ?? {}),
    connect: () => pool.connect(),
    close: () => pool.end(),
  }
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

async function transaction<T>(
  pool: pg.Pool,
  options: DbOptions,
  work: (tx: Tx) => Promise<T>,
  transactionOptions: TransactionOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptTransaction(pool, options, work, transactionOptions)
    } catch (error) {
      if (attempt >= TRIES_MAX || !isRetryable(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * 2 ** attempt * Math.random()))
    }
  }
}

async function attemptTransaction<T>(
  pool: pg.Pool,
  options: DbOptions,
  work: (tx: Tx) => Promise<T>,
  transactionOptions: TransactionOptions,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  const published = new Set<string>()
  try {
    const modes = [
      transactionOptions.isolation === undefined ? '' : ` isolation level ${transactionOptions.isolation}`,
      transactionOptions.read_only === true ? ' read only' : '',
    ]
    await client.query(`begin${modes.join('')}`)
    for (const [name, value] of Object.entries(transactionOptions.settings ?? {})) {
      await client.query('select set_config($1, $2, true)', [name, value])
    }
    const tx: Tx = {
      ...queryable((config) => client.query(config)),
      markPublished: (topic) => {
        published.add(topic)
      },
    }
    const result = await work(tx)
    await commit(client)
    if (published.size > 0) options.onPublished?.(published)
    return result
  } catch (error) {
    if (isConnectionLoss(error) || error instanceof UnknownOutcomeError) broken = toError(error)
    else {
      await client.query('rollback').catch((rollbackError: unknown) => {
        broken = toError(rollbackError)
      })
    }
    throw error
  } finally {
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

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function isRetryable(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}

/** True when the server went away: class 08, admin shutdown, crash, or a socket error. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== undefined && (/^(08|57P0[123])/.test(code) || /^E(CONN|PIPE|TIMEDOUT|HOST)/.test(code))) return true
  return (
    error instanceof Error &&
    /Connection terminated|connection timeout|timeout exceeded when trying/i.test(error.message)
  )
}
