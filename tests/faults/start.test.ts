import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { embeddedPostgresOwner, freePort } from '../../apps/server/embedded-postgres/index.ts'

/**
 * `npm start` as a person meets it, with real processes: an empty folder, a kill -9 of each part and of the whole, a
 * second start, and a stop. One story: each test begins where the one before it ended.
 */
const root = resolve(import.meta.dirname, '../..')
/** Promised are 5 s on a machine of one's own; the tests share theirs with each other. */
const RECOVERY_MS_MAX = 20_000
const STOP_MS_MAX = 10_000
const BUILD_MS_MAX = 240_000
const POLL_MS = 25
const SCRIPTS = ['apps/server/main.ts', 'apps/web/server.mjs', 'apps/payment-sandbox/main.ts']

type Started = { child: ChildProcess; output: () => string; exited: Promise<number | null> }

let data_dir = ''
let port = 0
let product: Started

function npmStart(changes: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [join(root, 'bin/start.mjs')], {
    env: {
      ...process.env,
      DATABASE_URL: '',
      NODE_ENV: 'production',
      TESSERA_SIMULATED_PAYMENTS: '1',
      PORT: String(port),
      TESSERA_DATA_DIR: data_dir,
      TESSERA_DEMO: '0',
      ...changes,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { child, output: () => output, exited: once(child, 'exit').then(([code]) => code) }
}

/** Asks until it is answered with 200. */
async function answers(path: string, within_ms: number): Promise<void> {
  const begun = performance.now()
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' }).catch(() => null)
    await response?.body?.cancel()
    const took = performance.now() - begun
    if (response?.status === 200) return
    if (took > within_ms)
      throw new Error(`${path} answers ${response?.status ?? 'nothing'} after ${took} ms\n${product.output()}`)
    await delay(POLL_MS)
  }
}

/** The processes that work for this product, found by the data directory that each was told. */
async function pidOf(script: string): Promise<number> {
  const list = spawn('ps', ['eww', '-eo', 'pid,args'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  list.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(list, 'close')
  const line = text.split('\n').find((row) => row.includes(script) && row.includes(`TESSERA_DATA_DIR=${data_dir}`))
  if (line === undefined) throw new Error(`No process runs ${script}`)
  return Number.parseInt(line, 10)
}

/** The effective user id of a process. */
async function uidOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^Uid:\t\d+\t(\d+)/m.exec(status)?.[1])
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

beforeAll(async () => {
  data_dir = await mkdtemp(join(tmpdir(), 'tessera-start-'))
  port = await freePort()
  product = npmStart()
})

afterAll(async () => {
  product.child.kill('SIGTERM')
  await product.exited
  await rm(data_dir, { recursive: true, force: true })
}, 30_000)

test('an empty folder becomes a running product, and says where to click', {
  timeout: BUILD_MS_MAX + 60_000,
}, async () => {
  await answers('/readyz', 60_000)
  await expect.poll(product.output, { timeout: BUILD_MS_MAX, interval: 250 }).toContain('Tessera is running.')
  expect(product.output()).toContain(`Open          http://localhost:${port}`)
  expect(product.output()).not.toContain('organizer@demo.test')
  await answers('/', RECOVERY_MS_MAX)
  // Progress and what to do with it; nothing of what runs where, which only the log files need.
  expect(product.output()).toContain('Preparing the database')
  expect(product.output()).not.toMatch(/\.sql|127\.0\.0\.1|postgres:\/\/|pid|ExperimentalWarning/i)
})

test('started by root, the parts run as another account; else as whoever started them', async () => {
  for (const script of SCRIPTS) {
    const uid = await uidOf(await pidOf(script))
    if (process.getuid?.() === 0) expect([script, uid]).not.toEqual([script, 0])
    else expect(uid).toBe(process.getuid?.())
  }
  // Negative control: the supervisor is who it was.
  expect(await uidOf(product.child.pid ?? 0)).toBe(process.getuid?.())
})

test('whatever it wrote is nobody else’s: files 0600, folders 0700 but for the one that all pass through', async () => {
  const entries = await readdir(data_dir, { recursive: true, withFileTypes: true })
  const open: string[] = []
  for (const entry of entries) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const found = await stat(path).catch(() => null)
    if (found !== null && (found.mode & 0o077) !== 0) open.push(`${path} ${(found.mode & 0o777).toString(8)}`)
  }
  expect(entries.length).toBeGreaterThan(10)
  expect(open).toEqual([])
})

test.each(SCRIPTS)('%s comes back from a kill -9', async (script) => {
  const before = await pidOf(script)
  process.kill(before, 'SIGKILL')
  await expect.poll(() => pidOf(script).catch(() => before), { timeout: RECOVERY_MS_MAX }).not.toBe(before)
  await answers('/readyz', RECOVERY_MS_MAX)
  await answers('/', RECOVERY_MS_MAX)
})

test('a second start on the same data is refused with the process that has it, and harms nothing', async () => {
  const second = npmStart({ PORT: String(await freePort()) })
  expect(await second.exited).toBe(1)
  const owner = await embeddedPostgresOwner(join(data_dir, 'postgres'))
  expect(second.output()).toContain(`already running on the data in ${data_dir} (process ${owner})`)
  await answers('/readyz', RECOVERY_MS_MAX)
})

test('a second start on the same port is refused', async () => {
  const second = npmStart({ TESSERA_DATA_DIR: join(data_dir, 'other') })
  expect(await second.exited).toBe(1)
  expect(second.output()).toContain(`Port ${port} is taken by another program`)
})

test('a kill -9 of the supervisor ends its processes; the next start takes the database over and serves', async () => {
  const parts = await Promise.all(SCRIPTS.map(pidOf))
  const supervisor = await embeddedPostgresOwner(join(data_dir, 'postgres'))
  process.kill(supervisor ?? 0, 'SIGKILL')
  await product.exited
  await expect.poll(() => parts.filter(alive), { timeout: STOP_MS_MAX }).toEqual([])

  product = npmStart()
  await answers('/readyz', RECOVERY_MS_MAX)
  expect(product.output()).toContain('Adopted the PostgreSQL')
})

test('SIGTERM stops everything within 10 s and ends with 0', async () => {
  const parts = await Promise.all(['apps/server/main.ts', 'apps/payment-sandbox/main.ts'].map(pidOf))
  const begun = performance.now()
  product.child.kill('SIGTERM')
  expect(await product.exited).toBe(0)
  expect(performance.now() - begun).toBeLessThan(STOP_MS_MAX)
  expect(parts.filter(alive)).toEqual([])
  expect(await embeddedPostgresOwner(join(data_dir, 'postgres'))).toBeNull()
})
