import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { type EmbeddedPostgres, freePort, startEmbeddedPostgres } from '#platform/embedded-postgres'
import type { LedgerLine } from '../apps/payment-sandbox/control/control.ts'
import { superviseProduct } from '../apps/server/supervisor.ts'
import { buildWeb } from '../apps/server/web-build.ts'
import { type Client, clientOf } from './client.ts'
import { admin, type Person } from './theatre.ts'

/**
 * The product as it really runs: a durable PostgreSQL of its own, the sandbox and the server each a process, kept running
 * by the product's own supervisor. Anything in it may be killed.
 */
export type RealProduct = AsyncDisposable & {
  origin: string
  client: Client
  database_url: string
  /** kill -9; of PostgreSQL the postmaster and every backend. */
  kill(part: Part): Promise<void>
  /** The same, with everything looked up before, so that the blow itself takes no time. */
  aim(part: Part): Promise<() => void>
  /** Asks until it serves; how long that took, in ms. Fails after `within_ms`. */
  ready(within_ms: number): Promise<number>
  /** A query of the owner, on a connection of its own. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** The provider's books. */
  providerLedger(): Promise<LedgerLine[]>
  /** Orders to the sandbox, as `/sandbox/…`. */
  orderSandbox(method: string, path: string, body?: unknown): Promise<void>
  admin(): Promise<Person>
  /** What the supervisor said. */
  told: readonly string[]
}

export type Part = 'server' | 'postgres' | 'sandbox'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '..')
const POLL_MS = 10
const START_MS_MAX = 60_000
const STOP_MS = 10_000

/** `with_web` builds and serves the web app too, and lets a browser pay on the sandbox's card page. */
export async function startProcesses(
  env: Record<string, string> = {},
  { with_web = false } = {},
): Promise<RealProduct> {
  const data_dir = await mkdtemp(join(tmpdir(), 'tessera-crash-'))
  // Under root PostgreSQL is another user, who must get through to its own folder.
  await chmod(data_dir, 0o711)
  const [port, sandbox_port, web_port] = [await freePort(), await freePort(), await freePort()]
  const origin = `http://127.0.0.1:${port}`
  const sandbox_origin = `http://127.0.0.1:${sandbox_port}`
  const stripe = { STRIPE_SECRET_KEY: 'sk_test_crash', STRIPE_WEBHOOK_SECRET: 'whsec_of_the_crash_tests' }
  const shared = { TESSERA_DATA_DIR: data_dir, NODE_COMPILE_CACHE: join(data_dir, 'cache'), NODE_ENV: 'production' }
  const told: string[] = []
  const begun = performance.now()
  const tell = (line: string): void => void told.push(`${((performance.now() - begun) / 1_000).toFixed(2)} s  ${line}`)
  const say = (_fields: object, message: string): void => tell(message)
  let postgres: EmbeddedPostgres | undefined
  const serverEnv = {
    ...shared,
    ...stripe,
    PORT: String(port),
    HOST: '127.0.0.1',
    STRIPE_API_BASE: sandbox_origin,
    TESSERA_RATE_LIMITS: 'off',
    // An outage is the experiment; what it makes the server say is no news.
    TESSERA_LOG_LEVEL: 'fatal',
    TESSERA_DEMO: '0',
    ...(with_web
      ? {
          TESSERA_PUBLIC_ORIGIN: origin,
          TESSERA_WEB_ORIGIN: `http://127.0.0.1:${web_port}`,
          TESSERA_CARD_PAGE_ORIGIN: sandbox_origin,
        }
      : {}),
    ...env,
  }
  const product = superviseProduct(
    {
      database: async () => {
        postgres = await startEmbeddedPostgres({
          data_dir: join(data_dir, 'postgres'),
          log: { info: say, warn: say, error: say },
        })
        return { url: postgres.url, stop: postgres.stop }
      },
      sandbox: {
        name: 'The payment sandbox',
        script: join(root, 'apps/payment-sandbox/main.ts'),
        env: {
          ...shared,
          ...stripe,
          TESSERA_SANDBOX_PORT: String(sandbox_port),
          TESSERA_SANDBOX_WEBHOOK_URL: `${origin}/api/v1/webhooks/stripe`,
          TESSERA_SANDBOX_PUBLIC_ORIGIN: sandbox_origin,
        },
      },
      web: with_web
        ? {
            build: (stop) => buildWeb({ root, log_file: join(data_dir, 'web-build.log'), tell, stop }),
            child: {
              name: 'The web app',
              script: join(root, 'apps/web/server.mjs'),
              env: { ...shared, TESSERA_WEB_PORT: String(web_port), TESSERA_API_ORIGIN: origin },
            },
          }
        : null,
      server: (database_url) => ({
        name: 'The server',
        script: join(root, 'apps/server/main.ts'),
        env: { ...serverEnv, DATABASE_URL: database_url },
      }),
    },
    tell,
  )
  const stop = async (): Promise<void> => {
    await product.stop()
    await rm(data_dir, { recursive: true, force: true })
  }
  const first = await product.server
  if (first.kind !== 'ready' || postgres === undefined) {
    await stop()
    throw new Error(`The server did not start: ${JSON.stringify(first)}\n${told.join('\n')}`)
  }
  if (with_web && (await product.web) !== 'serving') {
    await stop()
    throw new Error(`The web app did not start\n${told.join('\n')}`)
  }
  const database = postgres
  const client = clientOf(origin)
  const aim = async (part: Part): Promise<() => void> => {
    const pid = part === 'postgres' ? database.pid : product.pids()[part]
    if (pid === undefined) throw new Error(`${part} does not run, so it cannot be killed`)
    const victims = part === 'postgres' ? [pid, ...(await childrenOf(pid))] : [pid]
    return () => victims.forEach(killNow)
  }
  const real: RealProduct = {
    origin,
    client,
    database_url: database.url,
    told,
    aim,
    kill: async (part) => (await aim(part))(),
    ready: async (within_ms) => {
      const both = [`${origin}/readyz`, `${sandbox_origin}/sandbox/ledger`]
      return Math.max(...(await Promise.all(both.map((url) => answering(url, within_ms, told)))))
    },
    query: (text, values = []) => query(database.url, text, values),
    providerLedger: async () => {
      const answer = await fetch(`${sandbox_origin}/sandbox/ledger`)
      return ((await answer.json()) as { items: LedgerLine[] }).items
    },
    orderSandbox: async (method, path, body) => {
      const answer = await fetch(`${sandbox_origin}/sandbox${path}`, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    },
    admin: () =>
      admin(client, {
        makeAdmin: async (email) => {
          const script = join(root, 'apps/server/tessera.ts')
          await run(process.execPath, [script, 'admin', email], {
            env: { ...process.env, ...serverEnv, DATABASE_URL: database.url },
          })
          return { kind: 'made' }
        },
      }),
    [Symbol.asyncDispose]: stop,
  }
  await real.ready(START_MS_MAX)
  return real
}

async function answering(url: string, within_ms: number, told: readonly string[]): Promise<number> {
  const begun = performance.now()
  for (;;) {
    const left = within_ms - (performance.now() - begun)
    if (left <= 0) throw new Error(`${url} does not serve after ${within_ms} ms\n${told.slice(-20).join('\n')}`)
    const answer = await fetch(url, { signal: AbortSignal.timeout(Math.ceil(left)) }).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return performance.now() - begun
    await delay(POLL_MS)
  }
}

/** Without its postmaster a backend would end by itself, a little later: all of them are to die at one moment. */
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid='])
  const children = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []))
  if (children.length === 0) throw new Error(`PostgreSQL (${pid}) has no processes of its own`)
  return children
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // One that has ended by itself since.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function query<Row extends object>(url: string, text: string, values: readonly unknown[]): Promise<Row[]> {
  const connection = new pg.Client({ connectionString: url, connectionTimeoutMillis: STOP_MS })
  await connection.connect()
  try {
    return (await connection.query(text, [...values])).rows as Row[]
  } finally {
    await connection.end()
  }
}
