import { type ChildProcess, fork } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compose } from '../apps/server/compose.ts'
import { readSettings } from '../apps/server/config.ts'
import { webhookTypesOf } from '../apps/server/contexts.ts'
import { freePort, startEmbeddedPostgres } from '../apps/server/embedded-postgres/index.ts'
import { SERVER_NODE_FLAGS } from '../apps/server/product-plan.ts'

const root = resolve(import.meta.dirname, '..')
const MIGRATE_WAIT_MS = 60_000

export type Bench = {
  port: number
  database_url: string
  pid(): number
  /** The processes that a purchase costs time in; the sandbox's is 0 where none was asked for. */
  pids(): { server: number; postgres: number; sandbox: number }
  /** Access tokens of fresh attendees. */
  tokens(count: number): Promise<string[]>
  /** A call of the API as the demo organizer. */
  organizer(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

/** `payments`: with the payment sandbox beside the server, and statements counted by pg_stat_statements. */
type BenchOptions = { payments: boolean }

/** The product as it ships: the server in a process of its own, PostgreSQL durable. Nothing is tuned for the bench but the limits, off. */
export async function startBench({ payments }: BenchOptions = { payments: false }): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-bench-'))
  // Under root PostgreSQL is another user, who must get through to its own folder.
  await chmod(folder, 0o711)
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const database = await startEmbeddedPostgres({
    data_dir: join(folder, 'postgres'),
    log: quiet,
    ...(payments ? { settings: { shared_preload_libraries: 'pg_stat_statements' } } : {}),
  })
  const port = await freePort()
  const sandbox = payments ? await startSandbox(folder, port) : null
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    PORT: String(port),
    TESSERA_DATA_DIR: folder,
    TESSERA_DEMO: '1',
    TESSERA_RATE_LIMITS: 'off',
    ...sandbox?.env,
  }
  const server = fork(join(root, 'apps/server/main.ts'), {
    env,
    execArgv: SERVER_NODE_FLAGS,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await readyOf(server)
  const organizer = await organizerOf(port)
  return {
    port,
    database_url: database.url,
    pid: () => server.pid ?? 0,
    pids: () => ({ server: server.pid ?? 0, postgres: database.pid, sandbox: sandbox?.child.pid ?? 0 }),
    tokens: (count) => issueTokens(env, count),
    organizer,
    stop: async () => {
      await ended(server)
      if (sandbox !== null) await ended(sandbox.child)
      await database.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** By a command, which does not count as another process: the figures are those of a server that is alone. */
async function issueTokens(env: NodeJS.ProcessEnv, count: number): Promise<string[]> {
  const product = await compose(readSettings(env), { serving: false })
  const tokens = await product.people.issueTokens(count)
  await product.close(1_000)
  return tokens
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await gone
}

/** The payment sandbox as `npm start` runs it; `env` is what the server must be told of it. */
async function startSandbox(
  folder: string,
  server_port: number,
): Promise<{ child: ChildProcess; env: Record<string, string> }> {
  const port = await freePort()
  const keys = { STRIPE_SECRET_KEY: 'sk_test_bench', STRIPE_WEBHOOK_SECRET: 'whsec_bench' }
  const child = fork(join(root, 'apps/payment-sandbox/main.ts'), {
    env: {
      ...process.env,
      ...keys,
      TESSERA_DATA_DIR: folder,
      TESSERA_SANDBOX_PORT: String(port),
      TESSERA_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${server_port}/api/v1/webhooks/stripe`,
      TESSERA_SANDBOX_WEBHOOK_EVENTS: (await webhookTypesOf('stripe')).join(','),
    },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await readyOf(child)
  return {
    child,
    env: { ...keys, STRIPE_API_BASE: `http://127.0.0.1:${port}`, TESSERA_SANDBOX_PORT: String(port) },
  }
}

function readyOf(child: ChildProcess): Promise<void> {
  return new Promise((done, reject) => {
    const late = setTimeout(() => reject(new Error('a process was not ready in time')), MIGRATE_WAIT_MS)
    child.once('message', () => {
      clearTimeout(late)
      done()
    })
    child.once('exit', (code) => reject(new Error(`a process ended with ${code} before it was ready`)))
  })
}

async function organizerOf(port: number): Promise<Bench['organizer']> {
  const call = async (
    method: string,
    path: string,
    body: unknown,
    token: string | null,
  ): Promise<Record<string, unknown>> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer
  }
  const { access_token } = await call(
    'POST',
    '/auth/login',
    { email: 'organizer@demo.test', password: 'tessera-demo' },
    null,
  )
  return (method, path, body) => call(method, path, body, String(access_token))
}

/** `quantity` null: seats of the hall; else so much general admission without a chart. */
type Terms = { price: number; quantity: number | null }

/** Performances of a hall of 200 rows of 200 seats, on sale, named `row-seat`. */
export async function openHalls(
  bench: Bench,
  count: number,
  side = 200,
  terms: Terms = { price: 2_400, quantity: null },
): Promise<{ event_id: string; performance_ids: string[]; tier_ids: string[] }> {
  const venue = await bench.organizer('POST', '/venues', {
    name: 'Bench',
    address: 'x',
    city: 'Berlin',
    country: 'DE',
    latitude: 52.5,
    longitude: 13.4,
    time_zone: 'Europe/Berlin',
  })
  const rows = Array.from({ length: side }, (_r, r) => ({
    label: String(r + 1),
    seats: Array.from({ length: side }, (_s, s) => ({
      id: `${r + 1}-${s + 1}`,
      label: String(s + 1),
      x: s * 20,
      y: r * 20,
      category: 'A',
    })),
  }))
  const chart = await bench.organizer('POST', `/venues/${venue.id}/charts`, {
    format: 'tessera-chart/1',
    name: 'Hall',
    categories: [{ name: 'A' }],
    sections: [{ name: 'S', rows }],
  })
  const event = await bench.organizer('POST', '/events', {
    title: 'Bench',
    description: 'Bench',
    genre: 'music',
    venue_id: venue.id,
    currency: 'EUR',
  })
  const performance_ids: string[] = []
  const tier_ids: string[] = []
  for (let i = 0; i < count; i++) {
    const times = { start_time: '2090-03-01T19:00:00Z', end_time: '2090-03-01T22:00:00Z' }
    const performance = await bench.organizer('POST', `/events/${event.id}/performances`, {
      ...(terms.quantity === null ? { chart_id: chart.id } : {}),
      ...times,
    })
    const tier = await bench.organizer('POST', `/performances/${performance.id}/tiers`, {
      name: 'Adult',
      price: { amount: terms.price, currency: 'EUR' },
      ...(terms.quantity === null ? { categories: ['A'] } : { quantity: terms.quantity }),
      sale_start: '2020-01-01T00:00:00Z',
      sale_end: times.start_time,
    })
    performance_ids.push(String(performance.id))
    tier_ids.push(String(tier.id))
  }
  await bench.organizer('POST', `/events/${event.id}/publish`)
  return { event_id: String(event.id), performance_ids, tier_ids }
}
