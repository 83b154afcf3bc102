import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openStream } from '../event-stream.ts'
import { type RealProduct, startProcesses } from '../processes.ts'
import { buy, guest, hold, type Onsale, putOnSale, register } from '../theatre.ts'
import { violations } from './crash.ts'

/** The database is there and not a byte passes: what every process notices, says and heals within ten seconds. */
const NOTICED_MS_MAX = 10_000
const HEALED_MS_MAX = 10_000
/** The lock of the process that leads (platform/bus/relay.ts). */
const LEADERS_LOCK = 7_236_470_002
const REQUESTS = 12

let product: RealProduct
let onsale: Onsale
let admin_token = ''
let token = ''

beforeAll(async () => {
  product = await startProcesses({ TESSERA_PROCESSES: '2' }, { proxied: true })
  admin_token = (await product.admin()).token
  onsale = await putOnSale(product.client, { rows: 10, seats_a_row: 20 })
  token = (await guest(product.client)).token
}, 120_000)
afterAll(async () => {
  await product[Symbol.asyncDispose]()
}, 30_000)

afterEach(() => product.proxy?.resume())

type Fate = { status: number; ms: number }

/** A hold on a connection of its own, so that both processes of the port are asked. */
async function tryToHold(n: number): Promise<Fate> {
  const begun = performance.now()
  const answer = await product.client.send('POST', '/bookings/hold', {
    as: token,
    key: true,
    headers: { connection: 'close' },
    body: { performance_id: onsale.performance_id, seat_ids: [`A-${n + 1}`] },
  })
  return { status: answer.status, ms: performance.now() - begun }
}

async function readiness(): Promise<number> {
  const answer = await fetch(`${product.origin}/readyz`, { headers: { connection: 'close' } })
  await answer.body?.cancel()
  return answer.status
}

/** The database sessions that hold the leader's lock: none or one. */
async function leaders(): Promise<number[]> {
  const rows = await product.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and granted and (classid::bigint << 32) + objid::bigint = $1`,
    [LEADERS_LOCK],
  )
  return rows.map((row) => row.pid)
}

const workers = async (): Promise<number> => (await product.workers()).length

test('a hole of 12 seconds: 503 in time, not ready, another session leads, streams go on, invariants are clean', async () => {
  const { proxy } = product
  if (proxy === null) throw new Error('There is no proxy')
  const before = await leaders()
  expect([before.length, await workers(), await readiness()]).toEqual([1, 2, 200])
  await using stream = await openStream(
    `${product.origin}/api/v1/performances/${onsale.performance_id}/seats/stream`,
    {},
    60_000,
  )
  await stream.next()

  proxy.stall()
  const stalled_at_ms = performance.now()
  const unready = (async () => {
    // Both processes share the port: ten at once, on connections of their own, mean both.
    for (;;) {
      const answers = await Promise.all(Array.from({ length: 10 }, readiness))
      if (answers.every((status) => status === 503)) return performance.now() - stalled_at_ms
    }
  })()
  const first = await Promise.all(Array.from({ length: REQUESTS }, (_, n) => tryToHold(n)))
  const noticed_ms = await unready
  // Those that come after it was noticed are refused in time too.
  const later = await Promise.all(Array.from({ length: REQUESTS }, (_, n) => tryToHold(n)))
  for (const fate of [...first, ...later])
    expect(fate).toEqual({ status: 503, ms: expect.toSatisfy((ms: number) => ms < NOTICED_MS_MAX) })
  expect(noticed_ms).toBeLessThan(NOTICED_MS_MAX)
  await delay(Math.max(0, stalled_at_ms + 12_000 - performance.now()))

  proxy.resume()
  const resumed_at_ms = performance.now()
  await product.ready(HEALED_MS_MAX)
  await expect
    .poll(async () => (await leaders()).filter((pid) => !before.includes(pid)).length, { timeout: HEALED_MS_MAX })
    .toBe(1)
  const healed_ms = performance.now() - resumed_at_ms
  expect(healed_ms).toBeLessThan(HEALED_MS_MAX)
  expect(await workers()).toBe(2)

  // The stream that was open all the time hears of what is held now.
  await hold(product.client, token, onsale.performance_id, { seat_ids: ['B-7'] })
  await stream.next((message) => message.event !== 'heartbeat' && message.data.includes('changes'))
  const bought = await buy(product.client, (await register(product.client)).token, onsale.performance_id, {
    seat_ids: ['C-3', 'C-4'],
  })
  expect(bought.tickets).toHaveLength(2)
  await expect
    .poll(() => violations(product, admin_token), {
      timeout: Math.max(1, resumed_at_ms + HEALED_MS_MAX - performance.now()),
      interval: 250,
    })
    .toEqual([])
  process.stdout.write(
    `black hole: noticed ${Math.round(noticed_ms)} ms, slowest 503 ${Math.round(
      Math.max(...[...first, ...later].map((fate) => fate.ms)),
    )} ms, another leader ${Math.round(healed_ms)} ms after\n`,
  )
}, 120_000)

test('control: a hole of half a second is waited out: the same holds are answered, and the same session leads', async () => {
  const { proxy } = product
  if (proxy === null) throw new Error('There is no proxy')
  const before = await leaders()
  proxy.stall()
  const holds = Array.from({ length: REQUESTS }, (_, n) => tryToHold(n))
  await delay(500)
  proxy.resume()
  const statuses = (await Promise.all(holds)).map((fate) => fate.status)
  expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([])
  expect(await leaders()).toEqual(before)
})
