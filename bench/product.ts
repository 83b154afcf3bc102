import { type ChildProcess, fork } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compose, type Product } from '../apps/server/compose.ts'
import { readSettings } from '../apps/server/config.ts'
import { type EmbeddedPostgres, freePort, startEmbeddedPostgres } from '../apps/server/embedded-postgres/index.ts'
import { SERVER_NODE_FLAGS } from '../apps/server/product-plan.ts'

const root = resolve(import.meta.dirname, '..')
const MIGRATE_WAIT_MS = 60_000

export type Bench = {
  port: number
  database_url: string
  pid(): number
  /** Access tokens of fresh attendees. */
  tokens(count: number): Promise<string[]>
  /** A call of the API as the demo organizer. */
  organizer(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

/** The product as it ships: the server in a process of its own, PostgreSQL durable. Nothing is tuned for the bench but the limits, off. */
export async function startBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-bench-'))
  // Under root PostgreSQL is another user, who must get through to its own folder.
  await chmod(folder, 0o711)
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const database = await startEmbeddedPostgres({ data_dir: join(folder, 'postgres'), log: quiet })
  const port = await freePort()
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    PORT: String(port),
    TESSERA_DATA_DIR: folder,
    TESSERA_DEMO: '1',
    TESSERA_RATE_LIMITS: 'off',
  }
  const server = fork(join(root, 'apps/server/main.ts'), {
    env,
    execArgv: SERVER_NODE_FLAGS,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await readyOf(server)
  const product = await compose(readSettings(env))
  const organizer = await organizerOf(port)
  return {
    port,
    database_url: database.url,
    pid: () => server.pid ?? 0,
    tokens: (count) => product.people.issueTokens(count),
    organizer,
    stop: () => stop(server, product, database, folder),
  }
}

async function stop(server: ChildProcess, product: Product, database: EmbeddedPostgres, folder: string): Promise<void> {
  await product.close(1_000)
  const gone = new Promise((done) => server.once('exit', done))
  server.kill('SIGTERM')
  await gone
  await database.stop()
  await rm(folder, { recursive: true, force: true })
}

function readyOf(child: ChildProcess): Promise<void> {
  return new Promise((done, reject) => {
    const late = setTimeout(() => reject(new Error('the server was not ready in time')), MIGRATE_WAIT_MS)
    child.once('message', () => {
      clearTimeout(late)
      done()
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
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

/** Performances of a hall of 200 rows of 200 seats, on sale, named `row-seat`. */
export async function openHalls(
  bench: Bench,
  count: number,
  side = 200,
): Promise<{ event_id: string; performance_ids: string[] }> {
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
  for (let i = 0; i < count; i++) {
    const times = { start_time: '2090-03-01T19:00:00Z', end_time: '2090-03-01T22:00:00Z' }
    const performance = await bench.organizer('POST', `/events/${event.id}/performances`, {
      chart_id: chart.id,
      ...times,
    })
    await bench.organizer('POST', `/performances/${performance.id}/tiers`, {
      name: 'Adult',
      price: { amount: 2_400, currency: 'EUR' },
      categories: ['A'],
      sale_start: '2020-01-01T00:00:00Z',
      sale_end: times.start_time,
    })
    performance_ids.push(String(performance.id))
  }
  await bench.organizer('POST', `/events/${event.id}/publish`)
  return { event_id: String(event.id), performance_ids }
}
