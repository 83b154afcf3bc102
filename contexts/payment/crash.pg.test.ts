import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestBooking } from './bookings.fixture.ts'
import { type Fixture, ORIGIN, openFixture, SECRET } from './fixture.ts'
import type { Order } from './victim.fixture.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const AT_ONCE = 3
const STEPS_MAX = 40

type Death = { booking: TestBooking; order: Order }

/** A process buys and is killed by itself before its n-th step. Resolves to null when there was no such step any more. */
async function die(fatal_step: number, resold: boolean): Promise<Death | null> {
  const booking = fixture.bookings.add({ resold })
  const order: Order = {
    url: fixture.context.url,
    api_base: fixture.sandbox.origin,
    public_origin: ORIGIN,
    booking: { ...booking },
    intent_key: `intent of ${booking.id}`,
    confirm_key: `confirm of ${booking.id}`,
    fatal_step,
  }
  const victim = fork(fileURLToPath(new URL('./victim.fixture.ts', import.meta.url)), {
    execArgv: [],
    env: { PATH: process.env.PATH ?? '' },
  })
  const gone = once(victim, 'exit')
  victim.send(order)
  const [code, signal] = await gone
  if (signal !== 'SIGKILL') expect(code).toBe(0)
  return signal === 'SIGKILL' ? { booking, order } : null
}

/** Kills one process at each of its steps, until one gets through. */
async function killAtEveryStep(resold: boolean): Promise<Death[]> {
  const deaths: Death[] = []
  for (let first = 1; first <= STEPS_MAX; first += AT_ONCE) {
    const wave = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => die(first + i, resold)))
    deaths.push(...wave.filter((death) => death !== null))
    if (wave.includes(null)) return deaths
  }
  throw new Error('The victim never got through')
}

async function buyerTriesAgain({ booking, order }: Death) {
  const intent = await fixture.intent(booking, { key: order.intent_key })
  expect(intent.status).toBe(201)
  return fixture.confirm(booking, intent.body.payment_id, 'pm_card_visa', order.confirm_key)
}

async function charged(booking_id: string): Promise<number> {
  const { items } = await fixture.sandbox.control<{ items: { status: string; metadata: { booking_id: string } }[] }>(
    'GET',
    '/objects?kind=charges&limit=10000',
  )
  return items.filter((charge) => charge.status === 'succeeded' && charge.metadata.booking_id === booking_id).length
}

async function takenUnknown(deaths: readonly Death[]): Promise<number> {
  const known = await fixture.context.owner.query<{ booking_id: string }>(
    'select booking_id from payment.payments where captured > 0',
  )
  const taken = await Promise.all(
    deaths.map(async ({ booking }) => ({ id: booking.id, times: await charged(booking.id) })),
  )
  return taken.filter(({ id, times }) => times > 0 && !known.some((row) => row.booking_id === id)).length
}

const inAMinute = (): Date => new Date(Date.now() + 60_000)

test('killed at every step of a purchase: the buyer tries again, or nobody does, and it is paid once or not at all', {
  timeout: 180_000,
}, async () => {
  const deaths = await killAtEveryStep(false)
  expect(deaths.length).toBeGreaterThanOrEqual(9)
  // The harness sees what it is for: money taken that our books do not know.
  expect(await takenUnknown(deaths)).toBeGreaterThan(0)
  const returning = deaths.filter((_death, index) => index % 2 === 0)
  const answers = await Promise.all(returning.map(buyerTriesAgain))
  expect(answers.map((answer) => answer.body.status)).toEqual(returning.map(() => 'succeeded'))
  await fixture.reconcile(inAMinute())
  for (const { booking } of returning) expect([await charged(booking.id), booking.status]).toEqual([1, 'confirmed'])
  for (const { booking } of deaths) {
    expect(await charged(booking.id)).toBe(booking.status === 'confirmed' ? 1 : 0)
  }
})

test('killed between capture and settlement: the webhook settles it, without the reconciler', {
  timeout: 180_000,
}, async () => {
  const { sandbox } = fixture
  await sandbox.control('POST', '/webhooks', { withhold: true })
  await sandbox.aim(fixture.webhook_url, [SECRET])
  const deaths = await killAtEveryStep(false)
  const pending = () =>
    fixture.context.owner.query<{ booking_id: string }>(
      `select booking_id from payment.payments where settlement = 'pending' and booking_id = any ($1)`,
      [deaths.map(({ booking }) => booking.id)],
    )
  // Negative control: without their webhooks they stay as the kill left them.
  await fixture.drained()
  const waiting = await pending()
  expect(waiting.length).toBeGreaterThan(0)
  await sandbox.control('POST', '/withheld/release', {})
  await fixture.drained()
  expect(await pending()).toEqual([])
  for (const { booking_id } of waiting) {
    const { status, paid_by } = fixture.bookings.get(booking_id)
    expect([status, await charged(booking_id)]).toEqual(['confirmed', 1])
    const told = await fixture.context.published('payment.succeeded')
    expect(told.filter((event) => event.key === paid_by)).toHaveLength(1)
  }
  // The same events once more change nothing.
  const asked = waiting.map(({ booking_id }) => fixture.bookings.asked(booking_id))
  await fixture.context.owner.query(
    `update payment.webhook_events set state = 'received', done_at = null, next_at = now()`,
  )
  fixture.context.deps.webhooks.nudge()
  await fixture.drained()
  expect(waiting.map(({ booking_id }) => fixture.bookings.asked(booking_id))).toEqual(asked)
  await sandbox.aim(null, [SECRET])
})

test('killed at every step of a purchase whose seats are gone: what was charged goes back, once', {
  timeout: 180_000,
}, async () => {
  const deaths = await killAtEveryStep(true)
  expect(deaths.length).toBeGreaterThanOrEqual(12)
  const answers = await Promise.all(deaths.filter((_death, index) => index % 2 === 0).map(buyerTriesAgain))
  expect(new Set(answers.map((answer) => answer.body.status))).toEqual(new Set(['refunded']))
  await fixture.reconcile(inAMinute())
  const rows = await fixture.context.owner.query<{ captured: number; refunded: number; refund_pending: number }>(
    'select captured, refunded, refund_pending from payment.payments where booking_id = any($1)',
    [deaths.map(({ booking }) => booking.id)],
  )
  for (const row of rows) expect(row).toEqual({ captured: row.captured, refunded: row.captured, refund_pending: 0 })
  for (const { booking } of deaths) expect(booking.status).toBe('held')
})
