import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Child } from './children.ts'
import { type Product, type ProductPlan, superviseProduct } from './supervisor.ts'

let dir = ''
let journal = ''
let told: string[] = []
let product: Product | null = null

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tessera-supervisor-'))
  journal = join(dir, 'journal')
  appendFileSync(journal, '')
  told = []
})
afterEach(async () => {
  await product?.stop()
  product = null
  await rm(dir, { recursive: true, force: true })
})

const tell = (line: string) => void told.push(line)
const happened = async () => (await readFile(journal, 'utf8')).trim().split('\n')
const script = join(import.meta.dirname, 'child.fixture.ts')
const child = (name: string, kind = 'good') => ({
  name,
  script,
  env: { FAKE_NAME: name, FAKE_JOURNAL: journal, FAKE_KIND: kind },
})

function start(changes: Partial<ProductPlan> = {}): Product {
  const stop = async () => appendFileSync(journal, 'database ended\n')
  product = superviseProduct(
    {
      database: () => Promise.resolve({ url: 'postgres://none', stop }),
      sandbox: child('sandbox'),
      web: { build: () => Promise.resolve(true), child: child('web') },
      server: () => child('server'),
      ...changes,
    },
    tell,
  )
  return product
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('starts every part, and stops the server first and the database last', async () => {
  const running = start()
  expect(await running.server).toMatchObject({ kind: 'ready', message: { demo_accounts: true } })
  expect(await running.web).toBe('serving')
  expect(await running.sandbox).toBe('serving')
  await running.stop()

  const ends = (await happened()).filter((line) => line.endsWith('ended'))
  expect(ends[0]).toBe('server ended')
  expect(ends.slice(1, 3).sort()).toEqual(['sandbox ended', 'web ended'])
  expect(ends[3]).toBe('database ended')
})

test('the server does not wait for the web build, and runs without it when it fails', async () => {
  const build = Promise.withResolvers<boolean>()
  const running = start({ web: { build: () => build.promise, child: child('web') } })
  expect(await running.server).toMatchObject({ kind: 'ready' })
  build.resolve(false)
  expect(await running.web).toBe('failed')
  expect(running.pids().web).toBeUndefined()
})

test.each(['server', 'web', 'sandbox'] as const)('a killed %s runs again within 5 s', async (part) => {
  const running = start()
  await Promise.all([running.server, running.web, running.sandbox])
  const before = running.pids()[part]
  process.kill(before ?? 0, 'SIGKILL')
  await expect.poll(() => told.some((line) => line.startsWith(`${part} serves again`)), { timeout: 5_000 }).toBe(true)
  expect(running.pids()[part]).not.toBe(before)
})

test('a server that is repeatedly killed as soon as it serves is never away for five seconds', async () => {
  const running = start()
  await running.server
  const served = (): number => told.filter((line) => line.startsWith('server serves again')).length
  for (let kills = 1; kills <= 6; kills++) {
    process.kill(running.pids().server ?? 0, 'SIGKILL')
    await expect.poll(served, { timeout: 4_000, interval: 10 }).toBe(kills)
  }
}, 30_000)

test('a server that ends before it ever served is not restarted any more, with the reason', async () => {
  const running = start({ server: () => child('server', 'broken') })
  expect(await running.server).toEqual({
    kind: 'failed',
    reason: 'server ended before it served (exit code 3), 3 times',
  })
  expect((await happened()).filter((line) => line.startsWith('server started'))).toHaveLength(3)
})

test('a database that cannot start is the reason why the product cannot run', async () => {
  const running = start({ database: () => Promise.reject(new Error('The disk is full')) })
  expect(await running.server).toEqual({ kind: 'failed', reason: 'The disk is full' })
})

test('a sandbox that does not run is reported, and the rest runs', async () => {
  const running = start({ sandbox: child('sandbox', 'broken') })
  expect(await running.server).toMatchObject({ kind: 'ready' })
  expect(await running.sandbox).toBe('failed')
  expect(told.at(-1)).toContain('Nothing can be paid until it runs')
})

test('a child that does not stop when asked is killed', async () => {
  const deaf = new Child(child('server', 'deaf'), tell)
  await deaf.first
  const pid = deaf.pid ?? 0
  await deaf.stop(100)
  expect(alive(pid)).toBe(false)
  expect(told).toEqual(['server did not stop within 0.1 s; ended'])
})

test('stopping during the start leaves nothing running', async () => {
  const running = start()
  await running.stop()
  expect(running.pids()).toEqual({ server: undefined, web: undefined, sandbox: undefined })
})

test('the children of a killed supervisor end by themselves', async () => {
  const supervisor = fork(join(import.meta.dirname, 'supervisor.fixture.ts'), {
    env: { ...process.env, FAKE_JOURNAL: journal },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  if (!supervisor.stdout) throw new Error('The fixture has no output')
  const [line] = await once(createInterface(supervisor.stdout), 'line')
  const pids: number[] = Object.values(JSON.parse(line))
  expect(pids).toHaveLength(3)
  supervisor.kill('SIGKILL')
  await expect.poll(() => pids.filter(alive), { timeout: 5_000 }).toEqual([])
})
