import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { openTcpProxy, type TcpProxy } from '#platform/testing'
import type { LedgerLine } from '../apps/payment-sandbox/store.ts'
import { environmentOf } from '../apps/server/child-environment.ts'
import { Child } from '../apps/server/children.ts'
import {
  type EmbeddedPostgres,
  freePort,
  ownerUrl,
  startEmbeddedPostgres,
} from '../apps/server/embedded-postgres/index.ts'
import { SERVER_NODE_FLAGS } from '../apps/server/product-plan.ts'
import { type Product, type ProductPlan, superviseProduct } from '../apps/server/supervisor.ts'
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
  /** The faults that the sandbox still has to inject, and into how many requests each. */
  sandboxFaults(): Promise<{ times: number }[]>
  admin(): Promise<Person>
  /** The processes that serve the port, when there are several. */
  workers(): Promise<number[]>
  /** Another server on the same database with the same secret, as on a second machine; disposed with the product. */
  machine(): Promise<Machine>
  /** What the supervisor said. */
  told: readonly string[]
  /** Between the servers and PostgreSQL, where it was asked for. */
  proxy: TcpProxy | null
}

export type Machine = { origin: string; client: Client }

/** Of several processes `server` is the one that keeps the others running; `worker` is one of those. */
export type Part = 'server' | 'worker' | 'workers' | 'postgres' | 'sandbox'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '..')
const POLL_MS = 10
const START_MS_MAX = 60_000
const STOP_MS = 10_000

type Database = { postgres: EmbeddedPostgres; proxy: TcpProxy | null }

type Place = {
  data_dir: string
  origin: string
  sandbox_origin: string
  ports: { server: number; sandbox: number; web: number }
  with_web: boolean
  proxied: boolean
  env: Record<string, string>
  told: string[]
  tell(line: string): void
}

/**
 * `with_web` builds and serves the web app too, and lets a browser pay on the sandbox's checkout page. `proxied` puts a proxy
 * between the servers and PostgreSQL.
 */
export async function startProcesses(
  env: Record<string, string> = {},
  { with_web = false, proxied = false } = {},
): Promise<RealProduct> {
  const place = await findPlace(env, { with_web, proxied })
  let database: Database | undefined
  const product = superviseProduct(
    planOf(place, (started) => {
      database = started
    }),
    place.tell,
  )
  const stop = async (): Promise<void> => {
    await product.stop()
    await database?.proxy?.[Symbol.asyncDispose]()
    await rm(place.data_dir, { recursive: true, force: true })
  }
  const first = await product.server
  if (first.kind !== 'ready' || database === undefined) {
    await stop()
    throw new Error(`The server did not start: ${JSON.stringify(first)}\n${place.told.join('\n')}`)
  }
  if (with_web && (await product.web) !== 'serving') {
    await stop()
    throw new Error(`The web app did not start\n${place.told.join('\n')}`)
  }
  const real = realProduct(place, product, database, stop)
  await real.ready(START_MS_MAX)
  return real
}

async function findPlace(env: Record<string, string>, chosen: Pick<Place, 'with_web' | 'proxied'>): Promise<Place> {
  const data_dir = await mkdtemp(join(tmpdir(), 'tessera-crash-'))
  // Under root PostgreSQL is another user, who must get through to its own folder.
  await chmod(data_dir, 0o711)
  const ports = { server: await freePort(), sandbox: await freePort(), web: await freePort() }
  const told: string[] = []
  const begun = performance.now()
  return {
    data_dir,
    origin: `http://127.0.0.1:${ports.server}`,
    sandbox_origin: `http://127.0.0.1:${ports.sandbox}`,
    ports,
    ...chosen,
    env,
    told,
    tell: (line) => void told.push(`${((performance.now() - begun) / 1_000).toFixed(2)} s  ${line}`),
  }
}

/** What every process is told. */
function sharedEnv({ data_dir }: Place): Record<string, string> {
  return {
    ...environmentOf.system(process.env),
    TESSERA_DATA_DIR: data_dir,
    NODE_COMPILE_CACHE: join(data_dir, 'cache'),
    STRIPE_SECRET_KEY: 'sk_test_crash',
    STRIPE_WEBHOOK_SECRET: 'whsec_of_the_crash_tests',
  }
}

function serverEnv(place: Place, database_url: string): Record<string, string> {
  return {
    ...sharedEnv(place),
    DATABASE_URL: database_url,
    PORT: String(place.ports.server),
    HOST: '127.0.0.1',
    STRIPE_API_BASE: place.sandbox_origin,
    TESSERA_RATE_LIMITS: 'off',
    // An outage is the experiment; what it makes the server say is no news.
    TESSERA_LOG_LEVEL: 'fatal',
    TESSERA_DEMO: '0',
    ...(place.with_web
      ? {
          TESSERA_PUBLIC_ORIGIN: place.origin,
          TESSERA_WEB_ORIGIN: `http://127.0.0.1:${place.ports.web}`,
        }
      : {}),
    ...place.env,
  }
}

function planOf(place: Place, started: (database: Database) => void): ProductPlan {
  const { data_dir, origin, ports, tell } = place
  const say = (_fields: object, message: string): void => tell(message)
  return {
    database: async () => {
      const log = { info: say, warn: say, error: say }
      const postgres = await startEmbeddedPostgres({ data_dir: join(data_dir, 'postgres'), log })
      const owner_url = await ownerUrl(postgres.url)
      const proxy = place.proxied ? await openTcpProxy(owner_url) : null
      started({ postgres, proxy })
      return { url: proxy?.url(owner_url) ?? owner_url, stop: postgres.stop }
    },
    sandbox: {
      name: 'The payment sandbox',
      script: join(root, 'apps/payment-sandbox/main.ts'),
      env: {
        ...sharedEnv(place),
        TESSERA_SANDBOX_PORT: String(ports.sandbox),
        TESSERA_SANDBOX_WEBHOOK_URL: `${origin}/api/v1/webhooks/stripe`,
        TESSERA_SANDBOX_PUBLIC_ORIGIN: place.sandbox_origin,
      },
    },
    web: place.with_web
      ? {
          build: (stop) => buildWeb({ root, log_file: join(data_dir, 'web-build.log'), tell, stop }),
          child: {
            name: 'The web app',
            script: join(root, 'apps/web/server.mjs'),
            env: { ...sharedEnv(place), TESSERA_WEB_PORT: String(ports.web), TESSERA_API_ORIGIN: origin },
          },
        }
      : null,
    server: (database_url) => ({
      name: 'The server',
      script: join(root, 'apps/server/main.ts'),
      node_flags: SERVER_NODE_FLAGS,
      env: serverEnv(place, database_url),
    }),
  }
}

function realProduct(
  place: Place,
  product: Product,
  { postgres, proxy }: Database,
  stop: () => Promise<void>,
): RealProduct {
  const { origin, sandbox_origin, told } = place
  const client = clientOf(origin)
  const machines: Child[] = []
  const workers = async (): Promise<number[]> => childrenOf(product.pids().server ?? 0)
  const victimsOf = async (part: Part): Promise<number[]> => {
    if (part === 'workers' || part === 'worker') return (await workers()).slice(0, part === 'worker' ? 1 : undefined)
    const pid = part === 'postgres' ? postgres.pid : product.pids()[part]
    if (pid === undefined) throw new Error(`${part} does not run, so it cannot be killed`)
    return part === 'postgres' ? [pid, ...(await childrenOf(pid))] : [pid]
  }
  const aim = async (part: Part): Promise<() => void> => {
    const victims = await victimsOf(part)
    return () => victims.forEach(killNow)
  }
  return {
    origin,
    client,
    database_url: postgres.url,
    told,
    proxy,
    aim,
    kill: async (part) => (await aim(part))(),
    ready: async (within_ms) => {
      const both = [`${origin}/readyz`, `${sandbox_origin}/sandbox/ledger`]
      return Math.max(...(await Promise.all(both.map((url) => answering(url, within_ms, told)))))
    },
    query: (text, values = []) => query(postgres.url, text, values),
    providerLedger: () => listed<LedgerLine>(`${sandbox_origin}/sandbox/ledger`),
    orderSandbox: (method, path, body) => order(`${sandbox_origin}/sandbox${path}`, method, body),
    sandboxFaults: () => listed<{ times: number }>(`${sandbox_origin}/sandbox/faults`),
    admin: () =>
      admin(client, { makeAdmin: async (email) => makeAdmin(serverEnv(place, await ownerUrl(postgres.url)), email) }),
    workers,
    machine: async () => {
      const port = await freePort()
      const data_dir = join(place.data_dir, `machine-${port}`)
      const child = new Child(
        {
          name: 'The other machine',
          script: join(root, 'apps/server/main.ts'),
          node_flags: SERVER_NODE_FLAGS,
          env: {
            ...serverEnv(place, await ownerUrl(postgres.url)),
            PORT: String(port),
            TESSERA_DATA_DIR: data_dir,
            TESSERA_PROCESSES: '1',
          },
        },
        place.tell,
      )
      machines.push(child)
      const first = await child.first
      if (first.kind !== 'ready') throw new Error(`The other machine did not start\n${told.join('\n')}`)
      const there = `http://127.0.0.1:${port}`
      return { origin: there, client: clientOf(there) }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(machines.map((machine) => machine.stop(STOP_MS)))
      await stop()
    },
  }
}

async function listed<T>(url: string): Promise<T[]> {
  return ((await (await fetch(url)).json()) as { items: T[] }).items
}

async function order(url: string, method: string, body: unknown): Promise<void> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`)
}

async function makeAdmin(env: Record<string, string>, email: string): Promise<{ kind: 'made' }> {
  const script = join(root, 'apps/server/tessera.ts')
  await run(process.execPath, [script, 'admin', email], { env: { ...process.env, ...env } })
  return { kind: 'made' }
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
  if (children.length === 0) throw new Error(`Process ${pid} has no children`)
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
