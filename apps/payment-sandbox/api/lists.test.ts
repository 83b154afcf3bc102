import { expect, test } from 'vitest'
import { idOf, refusalOf, startReceiver, startRunning } from '../../../tests/payment-sandbox.fixture.ts'

const sale = { amount: 1000, currency: 'eur' } as const

test('pages walk from new to old and miss nothing', async () => {
  await using running = await startRunning()
  const { stripe } = running
  const made: string[] = []
  for (let n = 0; n < 7; n += 1) made.unshift((await stripe.paymentIntents.create(sale)).id)
  const first = await stripe.paymentIntents.list({ limit: 3 })
  expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/payment_intents' })
  expect(first.data.map((each) => each.id)).toEqual(made.slice(0, 3))
  const next = await stripe.paymentIntents.list({ limit: 3, starting_after: made[2] ?? '' })
  expect(next.data.map((each) => each.id)).toEqual(made.slice(3, 6))
  const walked: string[] = []
  for await (const each of stripe.paymentIntents.list({ limit: 2 })) walked.push(each.id)
  expect(walked).toEqual(made)
  expect(await refusalOf(stripe.paymentIntents.list({ starting_after: 'pi_nobody' }))).toMatchObject({
    code: 'resource_missing',
    param: 'starting_after',
  })
  expect(await refusalOf(stripe.paymentIntents.list({ limit: 101 }))).toMatchObject({ param: 'limit' })
})

test('`created` bounds a list, as a reconciler asks for it', async () => {
  let now_ms = Date.UTC(2026, 10, 21, 12)
  await using running = await startRunning({ now_ms: () => now_ms })
  const { stripe } = running
  const at: number[] = []
  for (let n = 0; n < 4; n += 1) {
    at.push((await stripe.paymentIntents.create(sale)).created)
    now_ms += 60_000
  }
  const [a = 0, b = 0, c = 0, d = 0] = at
  const created = async (range: object): Promise<number[]> =>
    (await stripe.paymentIntents.list({ created: range })).data.map((each) => each.created)
  expect(await created({ gte: b, lt: d })).toEqual([c, b])
  expect(await created({ gt: b, lte: d })).toEqual([d, c])
  expect(await created({ lt: b })).toEqual([a])
  expect((await stripe.paymentIntents.list({ created: c })).data).toHaveLength(1)
})

test('a reconciler finds by polling what no webhook told it', async () => {
  await using receiver = await startReceiver()
  await using running = await startRunning({ webhook_url: receiver.url })
  const { stripe, control } = running
  control.webhooks({ withhold: true })
  await stripe.paymentIntents.create({ ...sale, confirm: true, payment_method: 'pm_card_visa' })
  const paid = await stripe.paymentIntents.create({ ...sale, confirm: true, payment_method: 'pm_card_visa' })
  const missed = await stripe.events.list({ limit: 3 })
  expect(missed.data.map((each) => each.type)).toEqual([
    'payment_intent.succeeded',
    'charge.succeeded',
    'payment_intent.created',
  ])
  const [succeeded] = (await stripe.events.list({ type: 'payment_intent.succeeded', limit: 1 })).data
  expect(succeeded?.data.object).toMatchObject({ id: paid.id, status: 'succeeded' })
  expect((await stripe.events.list({ types: ['charge.succeeded', 'payment_intent.created'] })).data).toHaveLength(4)
  expect((await stripe.events.list({ type: 'payment_intent.*' })).data).toHaveLength(4)
  expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(6)
  expect(await stripe.events.retrieve(succeeded?.id ?? '')).toMatchObject({ pending_webhooks: 1 })
  expect(receiver.seen).toEqual([])
  expect(control.release()).toBe(6)
  await control.settle()
  expect((await stripe.events.list({ delivery_success: true })).data).toHaveLength(6)
})

test('lists expand what their objects refer to', async () => {
  await using running = await startRunning()
  const { stripe } = running
  const paid = await stripe.paymentIntents.create({ ...sale, confirm: true, payment_method: 'pm_card_visa' })
  const list = await stripe.paymentIntents.list({ expand: ['data.latest_charge.balance_transaction'] })
  expect(list.data).toMatchObject([{ latest_charge: { balance_transaction: { fee: 40 } } }])
  const charges = await stripe.charges.list({ payment_intent: paid.id })
  expect(charges.data).toMatchObject([{ id: paid.latest_charge, payment_intent: paid.id }])
  expect((await stripe.charges.list({ payment_intent: 'pi_nobody' })).data).toEqual([])
  const [transaction] = (await stripe.balanceTransactions.list({ type: 'charge', source: idOf(paid.latest_charge) }))
    .data
  expect(transaction).toMatchObject({ amount: 1000, net: 960 })
})
