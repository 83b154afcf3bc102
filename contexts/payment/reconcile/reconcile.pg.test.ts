import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from '../fixture.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
})
afterEach(async () => {
  await fixture.sandbox.control('DELETE', '/faults')
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000)

test('an intent nobody paid is cancelled at the provider once its hold has ended a while ago', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  await fixture.reconcile(inMinutes(1))
  expect((await fixture.row(payment_id)).status).toBe('created')
  fixture.bookings.expire(booking.id, true)
  await fixture.reconcile(inMinutes(7))
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'cancelled', next_check_at: null })
  expect((await fixture.confirm(booking, payment_id)).status).toBe(410)
})

test('a hold that was extended keeps its intent', async () => {
  const booking = fixture.bookings.add({ expires_at_ms: Date.now() - 120_000 })
  booking.expires_at_ms = Date.now() + 1_000
  const { payment_id } = (await fixture.intent(booking)).body
  booking.expires_at_ms = Date.now() + 600_000
  await fixture.reconcile(inMinutes(2))
  expect(await fixture.row(payment_id)).toMatchObject({
    status: 'created',
    hold_expires_at: new Date(booking.expires_at_ms).toISOString(),
  })
  expect((await fixture.confirm(booking, payment_id)).body).toMatchObject({ status: 'succeeded' })
})

test('money that came before the intent could be cancelled is a late payment', async () => {
  const { booking, payment_id } = await fixture.pay(undefined, 'pm_card_authenticationRequired')
  const { provider_ref } = await fixture.row(payment_id)
  fixture.bookings.expire(booking.id, true)
  await fixture.sandbox.control('POST', '/challenges', { payment_intent: provider_ref, answer: 'complete' })
  await fixture.reconcile(inMinutes(7))
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'refunded', settlement: 'seats-gone' })
})

test('two reconcilers at once do each thing once', async () => {
  const paid = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const { booking, payment_id } = await fixture.pay(undefined, 'pm_card_authenticationRequired')
      const { provider_ref } = await fixture.row(payment_id)
      await fixture.sandbox.control('POST', '/challenges', { payment_intent: provider_ref, answer: 'complete' })
      return { booking, payment_id }
    }),
  )
  await Promise.all([fixture.reconcile(inMinutes(1)), fixture.reconcile(inMinutes(1))])
  for (const { booking, payment_id } of paid) {
    expect(booking.paid_by).toBe(payment_id)
    expect(
      (await fixture.context.published('payment.succeeded')).filter((event) => event.key === payment_id),
    ).toHaveLength(1)
  }
})

test('one payment that cannot be reconciled does not hold up the others', async () => {
  const broken = fixture.bookings.add()
  const { payment_id: broken_id } = (await fixture.intent(broken)).body
  await fixture.context.owner.query(`update payment.payments set provider_ref = 'pi_gone' where id = $1`, [broken_id])
  fixture.bookings.away = true
  const { booking } = await fixture.pay()
  fixture.bookings.away = false
  await fixture.reconcile(inMinutes(1))
  expect(booking.status).toBe('confirmed')
  fixture.bookings.expire(broken.id, true)
  await fixture.reconcile(inMinutes(20))
  expect(await fixture.row(broken_id)).toMatchObject({
    status: 'cancelled',
    trouble: expect.stringContaining('pi_gone'),
  })
})

test('a fee that the provider books later is booked by us then', async () => {
  const { payment_id } = await fixture.pay()
  const { fee } = await fixture.row(payment_id)
  await fixture.context.owner.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(
      `delete from payment.ledger_entries using payment.ledger_journals where id = journal_id and source_id = $1 and kind = 'provider-fee'`,
      [payment_id],
    )
    await tx.query(`delete from payment.ledger_journals where source_id = $1 and kind = 'provider-fee'`, [payment_id])
    await tx.query(`update payment.payments set fee = null, next_check_at = now() where id = $1`, [payment_id])
  })
  await fixture.reconcile()
  expect(await fixture.row(payment_id)).toMatchObject({ fee, next_check_at: null })
})
