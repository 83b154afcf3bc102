import { setTimeout } from 'node:timers/promises'
import { type Load, load, request } from '../load.ts'
import { type Bench, openHalls } from '../product.ts'
import { startBareServer } from '../references/references.ts'
import type { Row } from '../report.ts'
import { Costs, perOrder } from './costs.ts'
import { holdRequest } from './holds.ts'

const SIDE = 200
const PAIRS_PER_HALL = (SIDE * SIDE) / 2
/** As many as an on-sale has at its checkout: what they write is shared by those who are at the same step. */
const BUYERS = 384
/** V8 compiles for long: the first thousand orders of a process cost a third more than those that follow. */
const WARM = 6_000
const ORDERS = Number(process.env['BENCH_ORDERS'] ?? 6_000)
const PROBE_REQUESTS = 20_000
/** What the orders before leave behind (webhooks) must not burden the reference. */
const WEBHOOKS_END_MS = 3_000

type Sale = { name: string; paid: boolean; seated: boolean; target: number }
const SALES: readonly Sale[] = [
  { name: 'paid orders, seats', paid: true, seated: true, target: 500 },
  { name: 'paid orders, general admission', paid: true, seated: false, target: 500 },
  { name: 'free orders, seats', paid: false, seated: true, target: 1_500 },
  { name: 'free orders, general admission', paid: false, seated: false, target: 1_500 },
]

/**
 * P6: whole purchases of two tickets over HTTP, hold → intent → confirm for money and hold → confirm without, until
 * every answer says that the booking is confirmed and its tickets are issued. H is measured beside each; the cost of an
 * order is what the processes of the product spent, by /proc and PostgreSQL's own counters.
 */
export async function p6(bench: Bench, tokens: readonly string[]): Promise<Row[]> {
  const costs = await Costs.open(bench)
  const bare = await startBareServer()
  const rows: Row[] = []
  try {
    for (const sale of SALES) {
      const shop = await Shop.open(bench, tokens, sale)
      await shop.sell(WARM)
      await setTimeout(WEBHOOKS_END_MS)
      const h = await bare.measure(PROBE_REQUESTS, BUYERS)
      await costs.reset()
      const before = await costs.read()
      const run = await shop.sell(ORDERS)
      const after = await costs.read()
      const each = perOrder(before, after, ORDERS)
      if (process.env['BENCH_STATEMENTS'] !== undefined) process.stdout.write(await costs.dearest(40))
      const per_second = ORDERS / run.seconds
      const growth =
        (after.server_memory - before.server_memory + after.sandbox_memory - before.sandbox_memory) / ORDERS
      rows.push({
        id: 'P6',
        what: `${sale.name}, ${BUYERS} buyers at once`,
        ours: `${Math.round(per_second)}/s`,
        reference: `H ${Math.round(h.per_second)}/s`,
        ratio: per_second / h.per_second,
        target: `≥ ${sale.target}/s`,
        met: per_second >= sale.target,
      })
      rows.push({
        id: 'P6 cost',
        what: `of one of them`,
        ours: [
          `CPU ${ms(each.server_ms)} server, ${ms(each.postgres_ms)} PostgreSQL, ${ms(each.sandbox_ms)} sandbox`,
          `${each.transactions.toFixed(1)} transactions, ${each.statements.toFixed(1)} statements, ${each.rows.toFixed(0)} rows`,
          `${(each.wal / 1_024).toFixed(1)} kB of WAL, memory ${(growth / 1_024).toFixed(1)} kB`,
        ].join('; '),
        reference: '',
        ratio: null,
        target: '',
        met: true,
      })
    }
  } finally {
    bare.stop()
    await costs.close()
  }
  return rows
}

const ms = (value: number): string => `${value.toFixed(2)} ms`

type Step = 'hold' | 'intent' | 'confirm'
type Buyer = { token: string; step: Step; booking_id: string; payment_id: string; key: string; busy: boolean }

/** A performance and people who buy of it. */
class Shop {
  readonly #bench: Bench
  readonly #tokens: readonly string[]
  readonly #sale: Sale
  readonly #tier_id: string
  readonly #performance_ids: readonly string[]
  #next = 0

  private constructor(bench: Bench, tokens: readonly string[], sale: Sale, performance_ids: string[], tier_id: string) {
    this.#bench = bench
    this.#tokens = tokens
    this.#sale = sale
    this.#performance_ids = performance_ids
    this.#tier_id = tier_id
  }

  static async open(bench: Bench, tokens: readonly string[], sale: Sale): Promise<Shop> {
    const price = sale.paid ? 2_400 : 0
    const { performance_ids, tier_ids } = await openHalls(bench, 1, SIDE, {
      price,
      quantity: sale.seated ? null : (WARM + ORDERS) * 2,
    })
    return new Shop(bench, tokens, sale, performance_ids, tier_ids[0] ?? '')
  }

  async sell(count: number): Promise<Load> {
    let left = count
    let sold = 0
    const buyers = Array.from({ length: BUYERS }, (): Buyer => {
      return { token: '', step: 'hold', booking_id: '', payment_id: '', key: '', busy: false }
    })
    const run = await load({
      port: this.#bench.port,
      connections: BUYERS,
      next: (connection) => {
        const buyer = buyerOf(buyers, connection)
        if (buyer.busy) return this.#ask(buyer)
        if (left-- <= 0) return null
        buyer.busy = true
        return this.#hold(buyer)
      },
      answered: (connection, status, body) => {
        const buyer = buyerOf(buyers, connection)
        if (this.#advance(buyer, status, body)) {
          buyer.busy = false
          sold++
        }
      },
    })
    if (sold !== count) throw new Error(`${sold} of ${count} orders were completed: ${JSON.stringify(run.statuses)}`)
    return run
  }

  #hold(buyer: Buyer): Buffer {
    const n = this.#next++
    buyer.token = this.#tokens[n % this.#tokens.length] ?? ''
    buyer.step = 'hold'
    if (!this.#sale.seated) {
      return post(buyer, '/bookings/hold', {
        performance_id: this.#performance_ids[0],
        items: [{ tier_id: this.#tier_id, quantity: 2 }],
      })
    }
    if (n >= PAIRS_PER_HALL) throw new Error('The hall of this figure is sold out')
    const row = Math.floor((n * 2) / SIDE) + 1
    const seat = ((n * 2) % SIDE) + 1
    return holdRequest(this.#performance_ids[0] ?? '', [`${row}-${seat}`, `${row}-${seat + 1}`], buyer.token)
  }

  #ask(buyer: Buyer): Buffer {
    if (buyer.step === 'intent')
      return post(buyer, '/payments/intent', { booking_id: buyer.booking_id, email: 'buyer@example.test' })
    if (this.#sale.paid)
      return post(
        buyer,
        '/payments/confirm',
        { payment_id: buyer.payment_id, payment_method: 'pm_card_visa' },
        buyer.key,
      )
    return post(buyer, '/bookings/confirm', { booking_id: buyer.booking_id })
  }

  /** True when the order is complete. */
  #advance(buyer: Buyer, status: string, body: Buffer): boolean {
    const answer = JSON.parse(body.toString()) as Record<string, unknown> & { tickets?: unknown[] }
    if (!status.startsWith('2')) throw new Error(`${buyer.step}: ${status} ${body.toString()}`)
    switch (buyer.step) {
      case 'hold':
        buyer.booking_id = String(answer.booking_id)
        buyer.step = this.#sale.paid ? 'intent' : 'confirm'
        return false
      case 'intent':
        buyer.payment_id = String(answer.payment_id)
        buyer.step = 'confirm'
        buyer.key = crypto.randomUUID()
        return false
      case 'confirm': {
        // Asked again with the same key, as a page does.
        if (answer.status === 'processing') return false
        const whole = this.#sale.paid ? answer.status === 'succeeded' : answer.tickets?.length === 2
        if (!whole) throw new Error(`An order was not complete at its answer: ${body.toString()}`)
        return true
      }
    }
  }
}

function buyerOf(buyers: readonly Buyer[], connection: number): Buyer {
  const buyer = buyers[connection]
  if (buyer === undefined) throw new Error(`There is no buyer ${connection}`)
  return buyer
}

function post(buyer: Buyer, path: string, body: object, key: string = crypto.randomUUID()): Buffer {
  return request(
    'POST',
    `/api/v1${path}`,
    { Authorization: `Bearer ${buyer.token}`, 'Idempotency-Key': key },
    JSON.stringify(body),
  )
}
