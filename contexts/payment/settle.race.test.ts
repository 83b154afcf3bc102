import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyIntent } from './apply-intent.ts'
import { openBatchers } from './batchers.ts'
import type { TestBooking } from './bookings.fixture.ts'
import { type Fixture, openFixture } from './fixture.ts'
import { paymentById } from './payment.ts'
import { settle } from './settle.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const WIDTH = 24
const ROUNDS = 10

/** Paid in the browser: at the provider it has succeeded, we do not know yet. */
async function paidElsewhere(resold: boolean) {
  const booking = fixture.bookings.add({ resold })
  const { payment_id } = (await fixture.intent(booking)).body
  const { provider_ref } = await fixture.row(payment_id)
  await fetch(`${fixture.sandbox.origin}/v1/payment_intents/${provider_ref}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'payment_method=pm_card_visa',
  })
  const payment = await paymentById(fixture.context.db, payment_id)
  const intent = await fixture.context.deps.providers.preferred.fetchIntent({
    intent_ref: String(provider_ref),
    checkout_ref: null,
  })
  if (payment === undefined || intent.kind !== 'ok') throw new Error('It was paid just now')
  return { booking, payment, intent: intent.value }
}

test('24 who learn of one success at once, half of them in another process: one captures, all settle, one sale', async () => {
  const { deps, db } = fixture.context
  const elsewhere = { ...deps, batchers: openBatchers(db, () => undefined) }
  for (let round = 0; round < ROUNDS; round++) {
    const { booking, payment, intent } = await paidElsewhere(round % 2 === 1)
    const applied = await Promise.all(
      Array.from({ length: WIDTH }, async (_, i) => {
        const mine = i % 2 === 0 ? deps : elsewhere
        const outcome = await applyIntent(mine, payment, intent)
        const now = await paymentById(db, payment.id)
        if (now !== undefined) await settle(mine, now)
        return outcome
      }),
    )
    expect(applied.filter((outcome) => outcome === 'captured')).toHaveLength(1)
    const told = (await fixture.context.published()).filter((event) => event.key === payment.id)
    const topics = told.map((event) => event.topic)
    if (booking.resold) {
      expect(topics).toEqual(['payment.succeeded', 'payment.refunded'])
      expect(await fixture.row(payment.id)).toMatchObject({ status: 'refunded', refunded: 4_800, refund_pending: 0 })
    } else {
      expect(topics).toEqual(['payment.succeeded'])
      expect(booking.paid_by).toBe(payment.id)
    }
  }
})

/** A payment that is settled again by many once the seats it was refused for are free. */
async function settledAgainWithFreeSeats(): Promise<{ booking: TestBooking; status: string }> {
  const { deps, db } = fixture.context
  const { booking, payment, intent } = await paidElsewhere(true)
  await applyIntent(deps, payment, intent)
  const captured = await paymentById(db, payment.id)
  if (captured === undefined) throw new Error('It was captured just now')
  await settle(deps, captured)
  booking.resold = false
  await Promise.allSettled(Array.from({ length: WIDTH }, () => settle(deps, captured)))
  return { booking, status: String((await fixture.row(payment.id)).status) }
}

test('seats that become free while a refused payment is settled again stay free: one verdict, one refund', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { booking, status } = await settledAgainWithFreeSeats()
    expect({ status, paid_by: booking.paid_by }).toEqual({ status: 'refunded', paid_by: null })
  }
})

test('negative control: where booking forgets its verdicts, a payment is given back and its booking confirmed', async () => {
  fixture.bookings.forgetful = true
  let both = 0
  for (let round = 0; round < ROUNDS; round++) {
    const { booking, status } = await settledAgainWithFreeSeats()
    if (status === 'refunded' && booking.paid_by !== null) both++
  }
  fixture.bookings.forgetful = false
  expect(both).toBeGreaterThan(0)
})

test('negative control: looking at the state first and then writing captures more than once', async () => {
  const { owner, db } = fixture.context
  await owner.query('create table payment.unguarded (id text primary key, status text not null)')
  let twice = 0
  for (let round = 0; round < ROUNDS; round++) {
    await owner.query(`insert into payment.unguarded values ($1, 'created')`, [String(round)])
    const captured = await Promise.all(
      Array.from({ length: WIDTH }, () =>
        db.transaction(async (tx) => {
          const [row] = await tx.query<{ status: string }>('select status from payment.unguarded where id = $1', [
            String(round),
          ])
          if (row?.status !== 'created') return false
          await tx.query(`update payment.unguarded set status = 'succeeded' where id = $1`, [String(round)])
          return true
        }),
      ),
    )
    if (captured.filter(Boolean).length > 1) twice++
  }
  expect(twice).toBeGreaterThan(0)
})
