import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Part, type RealProduct, startProcesses } from '../processes.ts'
import { hold, putOnSale, register } from '../theatre.ts'
import { violations } from './crash.ts'

const CLEAN_MS_MAX = 10_000
const READY_MS_MAX = 10_000
const BUYERS = 16
/** So long does the provider take to charge: the blow falls in between. */
const CHARGE_MS = 400

let product: RealProduct
let admin_token = ''

beforeAll(async () => {
  product = await startProcesses()
  admin_token = (await product.admin()).token
}, 120_000)
afterAll(async () => {
  await product[Symbol.asyncDispose]()
}, 30_000)

const count = async (text: string): Promise<number> => Number((await product.query<{ count: string }>(text))[0]?.count)

/** How many charges the provider has, and how many of our payments are not over although their buyer asked to pay. */
async function underWay(): Promise<object> {
  const [theirs] = await product.providerLedger()
  const captured = await count(`select coalesce(sum(captured), 0) as count from payment.payments`)
  const pending = await count(`select count(*) from payment.payments where settlement = 'pending'`)
  const tickets = await count(`select count(*) from ticketing.tickets`)
  const confirmed = await count(`select count(*) from booking.bookings where status = 'confirmed'`)
  const broken = (await violations(product, admin_token)).length
  return { unheard: (theirs?.captured ?? 0) - captured, pending, missing_tickets: confirmed - tickets, broken }
}

test.each<{ parts: Part[] }>([{ parts: ['server'] }, { parts: ['server', 'postgres'] }])(
  'kill -9 of $parts while buyers pay: without any of them asking again, all is settled within 10 s of ready',
  async ({ parts }) => {
    const { client } = product
    const { performance_id } = await putOnSale(client, { rows: 4, seats_a_row: BUYERS / 2 })
    const buyer = await register(client)
    const payments: string[] = []
    for (let n = 0; n < BUYERS; n++) {
      const seat = `${n < BUYERS / 2 ? 'A' : 'B'}-${(n % (BUYERS / 2)) + 1}`
      const { booking_id } = await hold(client, buyer.token, performance_id, { seat_ids: [seat] })
      const body = { booking_id }
      const opened = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
        as: buyer.token,
        key: true,
        body,
      })
      payments.push(opened.body.payment_id)
    }
    const before = await count('select count(*) from payment.confirm_attempts')
    const path = '/v1/payment_intents/*'
    await product.orderSandbox('POST', '/faults', {
      path,
      method: 'POST',
      fault: 'delay',
      delay_ms: CHARGE_MS,
      times: BUYERS,
    })
    // Nothing but what we drive on ourselves may bring the news.
    await product.orderSandbox('POST', '/webhooks', { withhold: true })
    const blow = await Promise.all(parts.map((part) => product.aim(part)))
    const cut_off = payments.map((payment_id) =>
      client
        .send('POST', '/payments/confirm', {
          as: buyer.token,
          key: true,
          body: { payment_id, payment_method: 'pm_card_visa' },
        })
        .catch(() => null),
    )
    await expect
      .poll(() => count('select count(*) from payment.confirm_attempts'), { interval: 10 })
      .toBe(before + BUYERS)
    // An attempt is written before the provider is asked: now the provider has begun to charge at least one.
    await expect.poll(() => product.sandboxFaults(), { interval: 10 }).not.toMatchObject([{ times: BUYERS }])
    for (const strike of blow) strike()
    await product.ready(READY_MS_MAX)
    const ready_at_ms = performance.now()
    expect((await Promise.all(cut_off)).filter((answer) => answer?.status === 200)).toEqual([])
    await expect
      .poll(underWay, { timeout: CLEAN_MS_MAX, interval: 100 })
      .toEqual({ unheard: 0, pending: 0, missing_tickets: 0, broken: 0 })
    const settled = await count(
      `select count(*) from payment.payments where settlement = 'confirmed' and id = any ('{${payments.join()}}')`,
    )
    process.stdout.write(
      `${settled} charges cut off, clean ${Math.round(performance.now() - ready_at_ms)} ms after ready\n`,
    )
    await product.orderSandbox('POST', '/webhooks', { withhold: false })
    // What the blow kept from being sent was charged to nobody.
    expect(settled).toBeGreaterThan(0)
  },
)
