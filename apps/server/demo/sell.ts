import type { Product } from '../compose.ts'
import { type DemoClient, demoClient } from './client.ts'

export type DemoSale = { performance_id: string; tier_id: string; share: number; seated: boolean; ga_quantity: number }

const BUYERS = 40
const ORDER_MAX = 8
const AT_ONCE = 4

type Seats = { tiers: Record<string, { available: number; held: number; sold: number }> }

/**
 * Buys part of the tickets with test cards, over the public API. Tariffs that share a category share its seats, so each
 * buys until its own share is reached. A refusal ends the purchases of its tier, and the demo has fewer sales.
 */
export async function sellDemo(
  product: Product,
  sales: readonly DemoSale[],
  tell: (line: string) => void,
): Promise<void> {
  const wanted = sales.filter((sale) => sale.share > 0)
  if (wanted.length === 0) return
  try {
    const tokens = await product.people.issueTokens(BUYERS)
    const buyers = tokens.map((token) => demoClient(product.http.fastify, token))
    const queue = [...wanted]
    let tickets = 0
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, first_buyer) => {
        for (let sale = queue.shift(); sale !== undefined; sale = queue.shift())
          tickets += await fill(buyers, first_buyer, sale)
      }),
    )
    tell(`Demo data: ${tickets} tickets sold with test cards.`)
  } catch (error) {
    product.telemetry.log.warn({ err: error }, 'demo sales stopped early; the programme is complete')
  }
}

async function fill(buyers: readonly DemoClient[], first_buyer: number, sale: DemoSale): Promise<number> {
  const first = buyers[first_buyer]
  if (first === undefined) return 0
  const seats = (await first('GET', `/performances/${sale.performance_id}/seats`)).body as unknown as Seats
  const total = sale.seated ? (seats.tiers[sale.tier_id]?.available ?? 0) : sale.ga_quantity
  const goal = Math.floor(total * sale.share)
  let bought = 0
  for (let turn = 0; bought < goal; turn++) {
    const buyer = buyers[(first_buyer + turn * AT_ONCE) % buyers.length] ?? first
    const quantity = Math.min(goal - bought, 2 + ((turn * 5) % (ORDER_MAX - 1)))
    if (!(await buy(buyer, sale, quantity))) break
    bought += quantity
  }
  return bought
}

async function buy(buyer: DemoClient, sale: DemoSale, quantity: number): Promise<boolean> {
  const what = sale.seated
    ? { best_available: { tier_id: sale.tier_id, quantity } }
    : { items: [{ tier_id: sale.tier_id, quantity }] }
  const hold = await buyer('POST', '/bookings/hold', { performance_id: sale.performance_id, ...what })
  if (hold.status !== 201) return quantity > 1 && sale.seated ? buy(buyer, sale, 1) : false
  const holder = { email: 'someone@demo.test', holder: { first_name: 'Demo', last_name: 'Guest' } }
  const intent = await buyer('POST', '/payments/intent', { booking_id: hold.body.booking_id, ...holder })
  if (intent.status !== 201) return false
  const paid = await buyer('POST', '/payments/confirm', {
    payment_id: intent.body.payment_id,
    payment_method: 'pm_card_visa',
  })
  return paid.status === 200
}
