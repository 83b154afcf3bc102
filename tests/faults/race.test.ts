import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RealProduct, startProcesses } from '../processes.ts'
import { guest, putOnSale } from '../theatre.ts'
import { type BurstAnswer, type BurstRequest, burst } from './burst.ts'
import { violations } from './crash.ts'

/** A hundred people and sixteen seats: everyone asks for every seat, over 1,600 sockets, in the same moment. */
const PEOPLE = 100
const SEATS = 16
/** What it may take at the very worst, here where nothing is measured: bench says what it takes. */
const SLOWEST_MS_MAX = 10_000
const READY_MS_MAX = 5_000
const ROUNDS_MAX = 20

let product: RealProduct
let admin_token = ''
let tokens: string[] = []
const unknowns: number[] = []

beforeAll(async () => {
  product = await startProcesses()
  admin_token = (await product.admin()).token
  tokens = await Promise.all(Array.from({ length: PEOPLE }, async () => (await guest(product.client)).token))
}, 120_000)
afterAll(async () => {
  await product[Symbol.asyncDispose]()
}, 30_000)

type Rush = { performance_id: string; requests: BurstRequest[] }

async function rush(): Promise<Rush> {
  const { performance_id } = await putOnSale(product.client, { rows: 2, seats_a_row: SEATS })
  const requests = tokens.flatMap((token) =>
    Array.from({ length: SEATS }, (_, n) => ({
      path: '/bookings/hold',
      token,
      key: crypto.randomUUID(),
      body: { performance_id, seat_ids: [`A-${n + 1}`] },
    })),
  )
  return { performance_id, requests }
}

const counted = (answers: readonly (BurstAnswer | null)[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(answers, (answer) => String(answer?.status ?? 'no answer'))]
      .map(([status, all]) => [status, all.length] as const)
      .sort(),
  )

async function soldSeats(performance_id: string): Promise<number[]> {
  const rows = await product.query<{ seat: number }>(
    `select unnest(b.line_seats) as seat from booking.bookings b join booking.performances p using (performance_no)
     where p.performance_id = $1 and b.status = 'held' order by seat`,
    [performance_id],
  )
  return rows.map((row) => row.seat)
}

test('1,600 at once: sixteen win, everyone else hears 409 with the seat that went', async () => {
  const warm_up = await rush()
  await burst(product.origin, warm_up.requests)
  const { performance_id, requests } = await rush()
  const answers = await burst(product.origin, requests)
  expect(counted(answers)).toEqual({ 201: SEATS, 409: PEOPLE * SEATS - SEATS })
  for (const [n, answer] of answers.entries()) {
    if (answer?.status === 409) expect(answer.body['unavailable']).toEqual([`A-${(n % SEATS) + 1}`])
  }
  expect(await soldSeats(performance_id)).toEqual(Array.from({ length: SEATS }, (_, n) => n))
  const slowest_ms = Math.max(...answers.map((answer) => answer?.ms ?? Number.POSITIVE_INFINITY))
  process.stdout.write(`1,600 requests for 16 seats: 16 won, the slowest answer after ${Math.round(slowest_ms)} ms\n`)
  expect(slowest_ms).toBeLessThan(SLOWEST_MS_MAX)
})

// Before the first batch reaches PostgreSQL, in the middle of it, and about when it is through.
test.each([0, 4, 12, 30])('the same while PostgreSQL is killed after %i ms: still sixteen', async (after_ms) => {
  const { performance_id, requests } = await rush()
  const blow = await product.aim('postgres')
  const answers = await burst(product.origin, requests, () => delay(after_ms).then(blow))
  expect(await product.ready(READY_MS_MAX)).toBeLessThan(READY_MS_MAX)
  const unknown = requests.flatMap((_, n) => (isKnown(answers[n]) ? [] : [n]))
  let left = unknown
  for (let round = 0; left.length > 0 && round < ROUNDS_MAX; round++) {
    const again = await burst(
      product.origin,
      left.flatMap((n) => requests[n] ?? []),
    )
    for (const [at, n] of left.entries()) answers[n] = again[at] ?? null
    left = left.filter((n) => !isKnown(answers[n]))
  }
  unknowns.push(unknown.length)
  expect(counted(answers)).toEqual({ 201: SEATS, 409: PEOPLE * SEATS - SEATS })
  expect(await soldSeats(performance_id)).toEqual(Array.from({ length: SEATS }, (_, n) => n))
  const winners = requests.flatMap((request, n) =>
    answers[n]?.status === 201 ? [{ request, answer: answers[n] }] : [],
  )
  const repeated = await burst(
    product.origin,
    winners.map((winner) => winner.request),
  )
  expect(repeated.map((answer) => answer?.body['booking_id'])).toEqual(
    winners.map((winner) => winner.answer.body['booking_id']),
  )
  expect(await violations(product, admin_token)).toEqual([])
})

test('some outcomes were unknown: the kills did hit the rush', () => {
  process.stdout.write(`killed in the rush: unknown ${unknowns.join(' + ')}, all resolved\n`)
  expect(unknowns.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0)
})

function isKnown(answer: BurstAnswer | null | undefined): boolean {
  return answer !== null && answer !== undefined && answer.status < 500
}
