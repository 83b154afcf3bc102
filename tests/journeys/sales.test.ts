import { expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import { hold, type Onsale, putOnSale, register } from '../theatre.ts'

/**
 * The organizer's sales figures are the money that was kept: after any history of purchases, cancellations, refunds,
 * returned refunds and disputes they equal the ledger, per event and by tier.
 */
const product = await productOfFile()
const { client, sandbox } = product

const HOUR_MS = 3_600_000
const STEPS = 24

type Sales = {
  performances: {
    sold: number
    revenue: { amount: number }
    tiers: { tier_id: string; sold: number; revenue: { amount: number } }[]
  }[]
}
type Bought = { booking_id: string; payment_id: string; token: string; places: number; tier_id: string; paid: number }

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const CARDS = [
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_createDispute',
  'pm_card_refundFail',
  'pm_card_pendingRefund',
]

async function buySome(onsale: Onsale, token: string, random: (below: number) => number, n: number): Promise<Bought> {
  const seated = random(2) === 0
  const quantity = 1 + random(3)
  const what = seated ? { seat_ids: [`A-${n + 1}`] } : { items: [{ tier_id: onsale.standing, quantity }] }
  const held = await hold(client, token, onsale.performance_id, what)
  const { body } = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
    as: token,
    key: true,
    body: { booking_id: held.booking_id },
  })
  const { payment_id } = body
  const payment_method = CARDS[random(CARDS.length)]
  await client.expect(200, 'POST', '/payments/confirm', { as: token, key: true, body: { payment_id, payment_method } })
  return {
    booking_id: held.booking_id,
    payment_id,
    token,
    places: seated ? 1 : quantity,
    tier_id: seated ? onsale.stalls : onsale.standing,
    paid: held.total.amount,
  }
}

async function happen(onsale: Onsale, bought: Bought, random: (below: number) => number): Promise<void> {
  switch (random(4)) {
    case 0:
      await client.send('DELETE', `/bookings/${bought.booking_id}`, { as: bought.token })
      return
    case 1: {
      const amount = { amount: 1 + random(bought.paid), currency: 'EUR' }
      const body = { amount, reason: 'Goodwill' }
      await client.send('POST', `/payments/${bought.payment_id}/refund`, {
        as: onsale.organizer.token,
        key: true,
        body,
      })
      return
    }
    case 2:
      await client.send('POST', `/payments/${bought.payment_id}/refund`, {
        as: onsale.organizer.token,
        key: true,
        body: { reason: 'All of it' },
      })
      return
    default: {
      const disputes = await product.product.owner.query<{ provider_ref: string }>(
        `select provider_ref from payment.disputes where payment_id = $1 and status = 'open'`,
        [bought.payment_id],
      )
      for (const { provider_ref } of disputes)
        await sandbox.control.closeDispute(provider_ref, random(2) === 0 ? 'won' : 'lost')
    }
  }
}

/** What the organization is owed for the payments of this event, by the ledger. */
async function keptByLedger(event_id: string, payment_ids: readonly string[] | null): Promise<number> {
  const [row] = await product.product.owner.query<{ kept: string | null }>(
    `select -sum(e.amount) as kept from payment.ledger_entries e
     join payment.ledger_journals j on j.id = e.journal_id join payment.payments p on p.id = j.payment_id
     where e.account in ('organizer_payable', 'refunds', 'disputes') and p.event_id = $1
       and ($2::text[] is null or p.id = any ($2))`,
    [event_id, payment_ids],
  )
  return Number(row?.kept ?? 0)
}

/** Each refund that a bank returned is on the organizer's list until somebody says how the buyer got the money. */
async function seeToReturnedRefunds(onsale: Onsale): Promise<void> {
  const as = onsale.organizer.token
  const path = `/events/${onsale.event_id}/refund-cases`
  type Cases = { items: { refund_id: string; payment_id: string }[] }
  for (const { payment_id, refund_id } of (await client.expect<Cases>(200, 'GET', path, { as })).body.items) {
    const body = { refund_id, how: 'refunded_elsewhere', note: 'By bank transfer' }
    await client.expect(200, 'POST', `/payments/${payment_id}/refund-cases`, { as, body })
  }
  expect((await client.expect<Cases>(200, 'GET', path, { as })).body.items).toEqual([])
}

test.each([1, 2])('sales equal the ledger after a random history (seed %i)', async (seed) => {
  const random = randomOf(seed)
  const onsale = await putOnSale(client, {
    rows: 2,
    seats_a_row: STEPS,
    standing: 500,
    start_time: new Date(Date.now() + 30 * HOUR_MS).toISOString(),
    refund_policy: [{ hours_before: 24, percent: 50 }],
  })
  const { token } = await register(client)
  const history: Bought[] = []
  for (let step = 0; step < STEPS; step++) {
    const bought = history[random(history.length + 1)]
    if (bought === undefined || random(2) === 0) history.push(await buySome(onsale, token, random, step))
    else await happen(onsale, bought, random)
    if (random(5) === 0) await product.settle()
  }
  await product.settle()
  await product.product.jobs.runNow('payment.send-refunds', null)
  await product.settle()

  const { body } = await client.expect<Sales>(200, 'GET', `/events/${onsale.event_id}/sales`, {
    as: onsale.organizer.token,
  })
  const [sales] = body.performances
  expect(sales?.revenue.amount).toBe(await keptByLedger(onsale.event_id, null))
  for (const tier of sales?.tiers ?? []) {
    const of_tier = history.filter((bought) => bought.tier_id === tier.tier_id)
    expect(tier.revenue.amount).toBe(
      await keptByLedger(
        onsale.event_id,
        of_tier.map((bought) => bought.payment_id),
      ),
    )
  }
  // The figures were not all zero, and something had gone back.
  expect(sales?.revenue.amount).toBeGreaterThan(0)
  expect(sales?.revenue.amount).toBeLessThan(history.reduce((sum, bought) => sum + bought.paid, 0))
  await seeToReturnedRefunds(onsale)
  expect(await product.violations()).toEqual([])

  await product.product.jobs.runNow('booking.fold-sales-changes', null)
  const folded = await client.expect<Sales>(200, 'GET', `/events/${onsale.event_id}/sales`, {
    as: onsale.organizer.token,
  })
  expect(folded.body.performances[0]?.revenue).toEqual(sales?.revenue)
})
