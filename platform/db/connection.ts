import { Socket } from 'node:net'
import pg from 'pg'

/**
 * Makes every connection to PostgreSQL, with deadlines that detect an unresponsive server within ten seconds, whether
 * packets are dropped or something in between has stopped. TCP alone would take a quarter of an hour.
 */
const CONNECT_TIMEOUT_MS = 4_000
/** The server ends a statement after this; */
export const STATEMENT_TIMEOUT_MS = 8_000
/** this much later the client stops waiting for that error, and ends the connection. */
const ANSWER_GRACE_MS = 1_000
const IDLE_IN_TRANSACTION_MS = 30_000

/** The system probes an idle connection, and gives it up after 2 + 5 × 1 s. */
const KEEP_ALIVE = { enable: true, initialDelay: 2_000, interval: 1_000, count: 5 }

/** A session that waits for notifications or holds a lock sends nothing by itself: it is probed this often, */
const HEARTBEAT_MS = 2_000
/** and counts as lost when it does not answer in this time. */
const HEARTBEAT_TIMEOUT_MS = 4_000

const PROBE_EVERY_MS = 1_500
const PROBE_TIMEOUT_MS = 2_000
const PROBE_FAILURES_MAX = 2

/**
 * The session settings that this code depends on, whatever the defaults of the server, the database or the login role:
 * the format of times, and the isolation of a plain `begin`.
 */
export const SESSION: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  default_transaction_isolation: 'read committed',
}

/** With these the server notices that we are gone, and releases our locks: within about ten seconds. */
const SERVER_SIDE: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: '3',
  tcp_keepalives_interval: '2',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '10000',
}

export type ConnectionOptions = {
  url: string
  application_name: string
  /** Settings of the session beyond `SESSION`. */
  settings?: Readonly<Record<string, string>>
  /** Time limit of one statement on the server; null for migrations, which have none. */
  statement_timeout_ms?: number | null
  types?: pg.CustomTypesConfig
  /** With a transaction pooler in between no setting may apply to the whole session. */
  pooled?: boolean
}

/** The driver's options for a connection with every deadline set. */
export function connectionConfig(options: ConnectionOptions): pg.ClientConfig {
  const statement_ms = options.statement_timeout_ms === undefined ? STATEMENT_TIMEOUT_MS : options.statement_timeout_ms
  const settings = { ...SESSION, ...SERVER_SIDE, ...options.settings }
  return {
    connectionString: options.url,
    application_name: options.application_name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(statement_ms === null ? {} : { query_timeout: statement_ms + ANSWER_GRACE_MS }),
    stream: openSocket,
    ...(options.types === undefined ? {} : { types: options.types }),
    ...(options.pooled === true
      ? {}
      : {
          ...(statement_ms === null ? {} : { statement_timeout: statement_ms }),
          idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
          options: startupOptions(settings),
        }),
  }
}

function startupOptions(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ')
}

function openSocket(): Socket {
  const socket = new Socket()
  socket.once('connect', () => socket.setKeepAlive(KEEP_ALIVE))
  return socket
}

/** A pool whose lost connections end no process: `onError` is called, and the pool replaces them. */
export function openPool(
  options: ConnectionOptions & { connections_max: number; onError?: ((error: Error) => void) | undefined },
): pg.Pool {
  const pool = new pg.Pool({ ...connectionConfig(options), max: options.connections_max })
  // Without a listener a stopped PostgreSQL ends the process; the pool replaces the connection by itself.
  pool.on('error', (error) => options.onError?.(error))
  // A connection that breaks while it changes owners has no other listener for a moment.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/**
 * Probes a session that sends nothing of its own. One that does not answer is ended, and emits `end`. Returns a
 * function that stops probing.
 */
export function watchSession(client: pg.ClientBase & { end(): Promise<void> }): () => void {
  let waiting = false
  const beat = setInterval(() => {
    if (waiting) return
    waiting = true
    const ask = { text: 'select 1', query_timeout: HEARTBEAT_TIMEOUT_MS } as pg.QueryConfig
    client
      .query(ask)
      .catch(() => client.end())
      .catch(() => undefined)
      .finally(() => {
        waiting = false
      })
  }, HEARTBEAT_MS)
  return () => clearInterval(beat)
}

/**
 * For statements that may exceed the deadline: while one runs, fresh connections show whether the server is still
 * there; when two in a row fail, this connection is ended and its statement fails. Returns a function that stops
 * watching.
 */
export function watchServer(client: { end(): Promise<void> }, url: string): () => void {
  let failures = 0
  let probing = false
  const probe = async (): Promise<void> => {
    if (probing) return
    probing = true
    failures = (await answers(url)) ? 0 : failures + 1
    probing = false
    if (failures < PROBE_FAILURES_MAX) return
    clearInterval(timer)
    await client.end().catch(() => undefined)
  }
  const timer = setInterval(() => void probe(), PROBE_EVERY_MS)
  return () => clearInterval(timer)
}

async function answers(url: string): Promise<boolean> {
  const probe = new pg.Client({
    ...connectionConfig({ url, application_name: 'tessera-probe' }),
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
  })
  probe.on('error', () => undefined)
  try {
    await probe.connect()
    return true
  } catch (error) {
    // A server that refuses (too many connections, a wrong password) is there.
    return (
      error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)
    )
  } finally {
    await probe.end().catch(() => undefined)
  }
}
