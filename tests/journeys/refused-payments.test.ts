import type { PaymentResponse } from '@tessera/contracts/http/payment'
import { expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import { hold, type Onsale, type Paid, type Person, putOnSale, register, STALLS } from '../theatre.ts'

/** The buyer is at the bank while the order comes to nothing: the payment says why it bought nothing, and goes back. */
const product = await productOfFile()
const { client, sandbox } = product
const { owner } = product.product

type Order = { onsale: Onsale; buyer: Person; booking_id: string; payment_id: string }

/** One seat on hold, and a card that waits for a step at the bank. */
async function atTheBank(): Promise<Order> {
  const onsale = await putOnSale(client, { max_per_person: 1 })
  const buyer = await register(client)
  const as = buyer.token
  const { booking_id } = await hold(client, as, onsale.performance_id, { seat_ids: ['A-1'] })
  const intent = await client.expect<{ payment_id: string }>(201, 'POST', '/payments/intent', {
    as,
    key: true,
    body: { booking_id },
  })
  const { payment_id } = intent.body
  const body = { payment_id, payment_method: 'pm_card_authenticationRequired' }
  const asked = await client.expect<Paid>(200, 'POST', '/payments/confirm', { as, key: true, body })
  expect(asked.body.status).toBe('requires_action')
  return { onsale, buyer, booking_id, payment_id }
}

async function lapse({ booking_id }: Order): Promise<void> {
  const past = `expires_at = now() - interval '1 s'`
  await owner.query(`update booking.bookings set ${past} where booking_id = $1`, [booking_id])
  await owner.query(`update booking.seat_claims set ${past} where holder_id = $1`, [booking_id])
  await product.settle()
}

/** The buyer takes the step, and everything that follows has happened. */
async function payNow({ payment_id }: Order): Promise<void> {
  const [row] = await owner.query<{ provider_ref: string }>('select provider_ref from payment.payments where id = $1', [
    payment_id,
  ])
  await sandbox.control.challenge(row?.provider_ref ?? '', 'complete')
  await product.settle()
}

const CASES: readonly [reason: string, (order: Order) => Promise<unknown>][] = [
  [
    'taken',
    async (order) => {
      await lapse(order)
      const { token } = await register(client)
      await hold(client, token, order.onsale.performance_id, { seat_ids: ['A-1'] })
    },
  ],
  [
    'person_limit',
    async (order) => {
      await lapse(order)
      await hold(client, order.buyer.token, order.onsale.performance_id, { seat_ids: ['A-2'] })
    },
  ],
  ['released', ({ buyer, booking_id }) => client.expect(200, 'DELETE', `/bookings/${booking_id}`, { as: buyer.token })],
  [
    'event_over',
    ({ onsale }) =>
      owner.query('update booking.performances set end_time = clock_timestamp() where performance_id = $1', [
        onsale.performance_id,
      ]),
  ],
  [
    'event_cancelled',
    // As a payment that was captured before payment heard of the cancellation.
    ({ onsale }) =>
      owner.query(`update booking.performances set status = 'cancelled' where performance_id = $1`, [
        onsale.performance_id,
      ]),
  ],
]

test.each(CASES)('%s: the payment and the booking say so, and the money goes back', async (reason, comeToNothing) => {
  const order = await atTheBank()
  const { buyer, booking_id, payment_id } = order
  await comeToNothing(order)
  await payNow(order)
  const as = buyer.token
  const payment = await client.expect<PaymentResponse>(200, 'GET', `/payments/${payment_id}`, { as })
  expect(payment.body).toMatchObject({
    outcome: 'given_back',
    settlement: 'seats_gone',
    settlement_reason: reason,
    captured: STALLS,
    refunded: STALLS,
    refunds: [{ reason: 'late_payment', state: 'succeeded' }],
  })
  const { id, booking_id: _, ...fields } = payment.body
  const booking = await client.expect<{ payments: unknown[] }>(200, 'GET', `/bookings/${booking_id}`, { as })
  expect(booking.body.payments).toEqual([{ id, ...fields }])
})

test('a payment that came late and found its seat free has no reason', async () => {
  const order = await atTheBank()
  await lapse(order)
  await payNow(order)
  const payment = await client.expect(200, 'GET', `/payments/${order.payment_id}`, { as: order.buyer.token })
  expect(payment.body).toMatchObject({ outcome: 'confirmed', settlement: 'confirmed', settlement_reason: null })
})
