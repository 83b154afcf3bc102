import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Part, type RealProduct, startProcesses } from '../processes.ts'
import { audit } from './audit.ts'
import { type Crash, crash, READY_MS_MAX, randomFrom, statement } from './crash.ts'
import type { Sale } from './sale.ts'

/** kill -9 in the middle of a sale. Two hundred of them are in crash.long.test.ts. */
const CRASHES: readonly (readonly Part[])[] = [
  ['server'],
  ['postgres'],
  ['sandbox'],
  ['server'],
  ['postgres', 'server'],
  ['postgres', 'server', 'sandbox'],
]
const seed = Number(process.env['TESSERA_SEED'] ?? Date.now() % 1_000_000)

let product: RealProduct
let admin_token = ''
const crashes: Crash[] = []
const sales: Sale[] = []

beforeAll(async () => {
  product = await startProcesses()
  admin_token = (await product.admin()).token
}, 120_000)
afterAll(async () => {
  await product[Symbol.asyncDispose]()
}, 30_000)

test.each(CRASHES.map((parts, n) => ({ n, parts })))(
  'kill -9 of $parts: nothing acknowledged is lost',
  async ({ n, parts }) => {
    const random = randomFrom(seed + n)
    const { sale, ...outcome } = await crash(product, { parts, random, admin_token })
    crashes.push(outcome)
    sales.push(sale)
    expect(outcome.wrong, `seed ${seed + n}`).toEqual([])
    expect(outcome.resolved).toBe(outcome.unknown)
    expect(outcome.ready_ms).toBeLessThan(READY_MS_MAX)
    expect(outcome.count.holds).toBeGreaterThan(10)
    expect(outcome.count.payments).toBeGreaterThan(5)
  },
)

test('after all of them, everything of every sale is still as its buyers were told', async () => {
  for (const sale of sales) expect((await audit(product, sale)).wrong).toEqual([])
  expect(crashes.reduce((total, one) => total + one.unknown, 0)).toBeGreaterThan(0)
  process.stdout.write(`${statement(crashes)} · seed ${seed}\n`)
})

test('the audit is not blind: a booking that vanishes, a ticket too few, a seat sold twice, money that is gone', async () => {
  const [sale] = sales
  if (sale === undefined) throw new Error('There was no sale to look at')
  const paid = sale.journeys.filter(
    (journey) => journey.steps.length === 3 && journey.seats.length > 0 && journey.steps[2]?.answer?.status === 200,
  )
  const [one, two, three, four] = paid.map((journey) => String(journey.steps[0]?.answer?.body['booking_id']))
  const plants: readonly [RegExp, string, unknown[]][] = [
    [/is not there/, 'delete from booking.bookings where booking_id = $1', [one]],
    [/tickets/, 'delete from ticketing.tickets where booking_id = $1', [two]],
    [
      /is sold to/,
      'update booking.bookings set line_seats = (select line_seats from booking.bookings where booking_id = $2), line_tiers = (select line_tiers from booking.bookings where booking_id = $2), line_quantities = (select line_quantities from booking.bookings where booking_id = $2), line_prices = (select line_prices from booking.bookings where booking_id = $2) where booking_id = $1',
      [three, four],
    ],
    [/no money/, 'update payment.payments set refunded = captured where booking_id = $1', [four]],
  ]
  for (const [complaint, text, values] of plants) {
    await product.query(`set session_replication_role = 'replica'; ${inline(text, values)}`)
    expect((await audit(product, sale)).wrong.join('\n')).toMatch(complaint)
  }
})

/** Ids only: several statements in one message take no parameters. */
function inline(text: string, values: readonly unknown[]): string {
  return text.replaceAll(/\$(\d)/g, (_, n: string) => `'${String(values[Number(n) - 1])}'`)
}
