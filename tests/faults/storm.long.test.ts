import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer } from '../client.ts'
import { type RealProduct, startProcesses } from '../processes.ts'
import { guest, type Onsale, putOnSale } from '../theatre.ts'
import { randomFrom, violations } from './crash.ts'

/**
 * Every operation on one performance from 64 clients, two processes, each of which is killed once on the way, so that
 * leadership changes hands. `TESSERA_STORM_SECONDS` says how long, `TESSERA_SEED` which.
 */
const SECONDS = Number(process.env['TESSERA_STORM_SECONDS'] ?? 300)
const seed = Number(process.env['TESSERA_SEED'] ?? Date.now() % 1_000_000)
const CLIENTS = 64
const PEOPLE = 12
const ROWS = 4
const SEATS_A_ROW = 10
const STANDING = 60
const HOLD_SECONDS = 10
/** Of the holds this share is left to expire. */
const LEFT = 0.1
const EFFECTS = [
  'hold 201',
  'confirm 200',
  'confirm free 200',
  'cancel 200',
  'block 201',
  'unblock 204',
  'publish 200',
  'edit 200',
  'scan 200',
  'refund 200',
]
/** From a kill until this long after it, connections may break and answers be 503. */
const FAILOVER_MS = 10_000
const START_MS_MAX = 60_000
const CLEAN_MS_MAX = 10_000
/** The last holds end by then, and are announced. */
const CALM_MS_MAX = 120_000

let product: RealProduct
let onsale: Onsale
let admin_token = ''
let people: Awaited<ReturnType<typeof guest>>[] = []

beforeAll(async () => {
  product = await startProcesses({ TESSERA_PROCESSES: '2', TESSERA_HOLD_SECONDS: String(HOLD_SECONDS) })
  admin_token = (await product.admin()).token
  onsale = await putOnSale(product.client, { rows: ROWS, seats_a_row: SEATS_A_ROW, standing: STANDING })
  people = await Promise.all(Array.from({ length: PEOPLE }, () => guest(product.client)))
}, 120_000)
afterAll(async () => {
  await product[Symbol.asyncDispose]()
}, 30_000)

type Ordered = { booking_id: string; token: string; payment_id: string | null; code: string | null }

/** What the clients share: any of them goes on with what another has begun. */
class Storm {
  readonly statuses = new Map<string, number>()
  readonly wrong: string[] = []
  /** Those that can still become something: what has ended makes room for others to hold. */
  readonly #orders = new Set<Ordered>()
  readonly #blocks: string[] = []
  #killed_at_ms = Number.NEGATIVE_INFINITY

  /** Until the worker that takes its place serves, connections may break. */
  async killOne(worker: number): Promise<void> {
    this.#killed_at_ms = performance.now()
    process.kill(worker, 'SIGKILL')
    const others = async (): Promise<number> => (await product.workers()).filter((pid) => pid !== worker).length
    await expect.poll(others, { timeout: START_MS_MAX, interval: 100 }).toBe(2)
    await product.ready(START_MS_MAX)
    this.#killed_at_ms = performance.now()
  }

  async client(n: number, until_ms: number): Promise<void> {
    const random = randomFrom(seed + n)
    while (performance.now() < until_ms) await this.#step(random)
  }

  async #step(random: () => number): Promise<void> {
    const pick = <T>(of: readonly T[]): T | undefined => of[Math.floor(random() * of.length)]
    const order = pick([...this.#orders])
    const dice = random()
    if (dice < 0.35 || order === undefined) return this.#hold(random, pick(people)?.token ?? '')
    if (dice < 0.6) return this.#pay(order)
    if (dice < 0.7) return this.#cancel(order)
    if (dice < 0.78) return this.#scan(order)
    if (dice < 0.82) return this.#refund(order)
    if (dice < 0.89) return this.#block(random)
    if (dice < 0.95) return this.#unblock(pick(this.#blocks))
    if (dice < 0.97) return this.#edit(random)
    return this.#ask('publish', 'POST', `/events/${onsale.event_id}/publish`, onsale.organizer.token)
  }

  async #hold(random: () => number, token: string): Promise<void> {
    const first = Math.floor(random() * ROWS * SEATS_A_ROW)
    const seats = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) =>
      seatId((first + i * 7) % (ROWS * SEATS_A_ROW)),
    )
    const quantity = 1 + Math.floor(random() * 3)
    const what = random() < 0.7 ? { seat_ids: seats } : { items: [{ tier_id: onsale.standing, quantity }] }
    const body = { performance_id: onsale.performance_id, ...what }
    const answer = await this.#send('hold', 'POST', '/bookings/hold', token, body)
    const booking_id = answer?.body['booking_id']
    if (answer?.status !== 201 || typeof booking_id !== 'string' || random() < LEFT) return
    this.#orders.add({ booking_id, token, payment_id: null, code: null })
  }

  async #cancel(order: Ordered): Promise<void> {
    const answer = await this.#send('cancel', 'DELETE', `/bookings/${order.booking_id}`, order.token)
    if (answer?.status === 200) this.#orders.delete(order)
  }

  /** Confirms, seats that cost nothing included; remembers a ticket of it. */
  async #pay(order: Ordered): Promise<void> {
    const { booking_id, token } = order
    const body = { booking_id, email: 'guest@example.test' }
    const intent = await this.#send('intent', 'POST', '/payments/intent', token, body)
    if (intent?.status === 410) this.#orders.delete(order)
    const payment_id = intent?.body['payment_id']
    if (typeof payment_id === 'string') {
      order.payment_id = payment_id
      await this.#ask('confirm', 'POST', '/payments/confirm', token, { payment_id, payment_method: 'pm_card_visa' })
    } else await this.#ask('confirm free', 'POST', '/bookings/confirm', token, { booking_id })
    const booking = await this.#send('read', 'GET', `/bookings/${booking_id}`, token)
    const tickets = booking?.body['tickets'] as { id: string }[] | undefined
    const [first] = tickets ?? []
    if (first === undefined) return
    const ticket = await this.#send('ticket', 'GET', `/tickets/${first.id}`, token)
    if (typeof ticket?.body['code'] === 'string') order.code = ticket.body['code']
  }

  #scan({ code }: Ordered): Promise<void> {
    const body = { code: code ?? 'unknown', performance_id: onsale.performance_id }
    return this.#ask('scan', 'POST', '/checkins', onsale.organizer.token, body)
  }

  #refund({ payment_id }: Ordered): Promise<void> {
    const body = { reason: 'Goodwill', amount: { amount: 100, currency: 'EUR' } }
    return this.#ask('refund', 'POST', `/payments/${payment_id ?? 'pay_none'}/refund`, onsale.organizer.token, body)
  }

  async #block(random: () => number): Promise<void> {
    const what =
      random() < 0.7
        ? { seat_ids: [seatId(Math.floor(random() * ROWS * SEATS_A_ROW))] }
        : { tier_id: onsale.standing, quantity: 2 }
    const path = `/performances/${onsale.performance_id}/blocks`
    const body = { reason: 'Camera', ...what }
    const answer = await this.#send('block', 'POST', path, onsale.organizer.token, body)
    const block_id = answer?.body['id']
    if (answer?.status === 201 && typeof block_id === 'string') this.#blocks.push(block_id)
  }

  async #unblock(block_id: string | undefined): Promise<void> {
    if (block_id === undefined) return
    this.#blocks.splice(this.#blocks.indexOf(block_id), 1)
    await this.#ask('unblock', 'DELETE', `/blocks/${block_id}`, onsale.organizer.token)
  }

  #edit(random: () => number): Promise<void> {
    const body = { max_per_order: 4 + Math.floor(random() * 6) }
    return this.#ask('edit', 'PUT', `/tiers/${onsale.standing}`, onsale.organizer.token, body)
  }

  async #ask(what: string, method: string, path: string, token: string, body?: object): Promise<void> {
    await this.#send(what, method, path, token, body)
  }

  async #send(what: string, method: string, path: string, as: string, body?: object): Promise<Answer | null> {
    const begun_ms = performance.now()
    const key = method === 'GET' ? {} : { key: true as const }
    const answer = await product.client
      .send(method, path, { as, ...key, ...(body === undefined ? {} : { body }) })
      .catch(() => null)
    const name = `${what} ${answer?.status ?? 'no answer'}`
    this.statuses.set(name, (this.statuses.get(name) ?? 0) + 1)
    const in_failover = begun_ms < this.#killed_at_ms + FAILOVER_MS && performance.now() > this.#killed_at_ms
    const unavailable = answer === null || answer.status === 503
    if ((unavailable && !in_failover) || (answer !== null && answer.status >= 500 && answer.status !== 503))
      this.wrong.push(`${name}: ${answer?.bytes.toString().slice(0, 300) ?? ''}`)
    return answer
  }
}

function seatId(seat: number): string {
  return `${'ABCD'[Math.floor(seat / SEATS_A_ROW)]}-${(seat % SEATS_A_ROW) + 1}`
}

async function deadlocks(): Promise<number> {
  const [row] = await product.query<{ deadlocks: string }>(
    'select sum(deadlocks) as deadlocks from pg_stat_database where datname is not null',
  )
  return Number(row?.deadlocks)
}

test(`a storm of every operation for ${SECONDS} seconds: no deadlock, no 500, invariants clean, seat state = claims`, async () => {
  const storm = new Storm()
  const until_ms = performance.now() + SECONDS * 1_000
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, n) => storm.client(n, until_ms)))
  const workers = await product.workers()
  expect(workers).toHaveLength(2)
  for (const worker of workers) {
    // When in the storm it happens is the experiment, so this is no wait for anything.
    await delay((SECONDS * 1_000) / 3)
    await storm.killOne(worker)
  }
  await clients
  const ended_ms = performance.now()
  const counted = [...storm.statuses].toSorted(([a], [b]) => a.localeCompare(b))
  process.stdout.write(`storm · seed ${seed} · ${counted.map(([name, count]) => `${name}: ${count}`).join(' · ')}\n`)
  // Most invariants hold at every moment; what travels by events has its time in the statement itself.
  await expect.poll(() => violations(product, admin_token), { timeout: CLEAN_MS_MAX, interval: 500 }).toEqual([])
  process.stdout.write(`clean ${Math.round(performance.now() - ended_ms)} ms after the last request\n`)
  expect(storm.wrong).toEqual([])
  // Every operation had its effect, so the storm was one.
  expect([...storm.statuses.keys()]).toEqual(expect.arrayContaining(EFFECTS))
  expect(await product.query(`select from booking.bookings where status = 'expired' limit 1`)).toHaveLength(1)
  expect(await deadlocks()).toBe(0)
  // The last holds end and are announced: the seat state is that of the claims still.
  await expect
    .poll(() => product.query(`select from booking.bookings where status = 'held'`), { timeout: CALM_MS_MAX })
    .toEqual([])
  expect(await violations(product, admin_token)).toEqual([])
}, 900_000)
