import { type ChildProcess, execFile, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { type Load, load, request, volley } from '../load.ts'

const run = promisify(execFile)
const CLIENTS = 16

export type Reference = { per_second: number; driver: 'pgbench' | 'node' }

/** Puts R's function into the database once. */
export async function prepareHoldOne(database_url: string): Promise<void> {
  const client = new pg.Client({ connectionString: database_url })
  await client.connect()
  await client.query(readFileSync(new URL('./hold-one.sql', import.meta.url), 'utf8'))
  await client.end()
}

/** R: holds a second, one transaction each. pgbench where it is; else the Node driver, marked as such. */
export async function measureHoldOne(database_url: string, seconds: number): Promise<Reference> {
  const script = fileURLToPath(new URL('./hold-one.pgbench', import.meta.url))
  try {
    const { stdout } = await run('pgbench', [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(CLIENTS),
      '-j',
      '2',
      '-T',
      String(seconds),
      '-f',
      script,
      database_url,
    ])
    const tps = /tps = ([\d.]+)/.exec(stdout)
    if (tps?.[1] === undefined) throw new Error(`pgbench said: ${stdout}`)
    return { per_second: Number(tps[1]), driver: 'pgbench' }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    return { per_second: await holdOneFromNode(database_url, seconds), driver: 'node' }
  }
}

async function holdOneFromNode(database_url: string, seconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: database_url, max: CLIENTS })
  const until = performance.now() + seconds * 1_000
  let done = 0
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < until) {
        await pool.query({ name: 'one', text: `select booking.bench_hold_one(2147483, nextval('booking.bench_n'))` })
        done++
      }
    }),
  )
  await pool.end()
  return done / seconds
}

export type BareServer = {
  measure(requests: number, connections: number): Promise<Load>
  /** All at one moment, each on a connection of its own. */
  volley(requests: number): Promise<Load>
  stop(): void
}

/** H: the bare server as a process of its own, driven by the same client. */
export async function startBareServer(): Promise<BareServer> {
  const child = fork(fileURLToPath(new URL('./bare-server.ts', import.meta.url)))
  const port = await portOf(child)
  const body = JSON.stringify({ performance_id: 'perf_01m7xt0j0qfjn9mmqazx1xmztw', seat_ids: ['1-1', '1-2'] })
  const bytes = request(
    'POST',
    '/api/v1/bookings/hold',
    { Authorization: `Bearer ${'x'.repeat(600)}`, 'Idempotency-Key': crypto.randomUUID() },
    body,
  )
  return {
    measure: (requests, connections) => {
      let left = requests
      return load({ port, connections, next: () => (left-- > 0 ? bytes : null) })
    },
    volley: (requests) =>
      volley(
        port,
        Array.from({ length: requests }, () => bytes),
      ),
    stop: () => child.disconnect(),
  }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port))
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)))
  })
}
