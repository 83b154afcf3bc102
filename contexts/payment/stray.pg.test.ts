import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestBooking } from './bookings.fixture.ts'
import { type Fixture, ORIGIN, openFixture } from './fixture.ts'
import { openIntent } from './open-intent.ts'
import type { Provider } from './provider/provider.ts'
import { openRegistry } from './provider/registry.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => {
  await fixture.drained()
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

async function stripe(path: string, params?: Record<string, string>): Promise<{ id: string; status: string }> {
  const answer = await fetch(`${fixture.sandbox.origin}/v1/${path}`, {
    headers: { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' },
    ...(params === undefined ? {} : { method: 'POST', body: new URLSearchParams(params).toString() }),
  })
  return (await answer.json()) as { id: string; status: string }
}

const CARD = { payment_method: 'pm_card_visa' }

/** Another intent of the same payment at the provider, as its key chain leaves behind. */
const intentOf = (payment_id: string, booking: TestBooking, more: Record<string, string> = {}) =>
  stripe('payment_intents', {
    amount: '4800',
    currency: 'usd',
    'metadata[payment_id]': payment_id,
    'metadata[booking_id]': booking.id,
    ...more,
  })

const paymentsOf = (booking: TestBooking) =>
  fixture.context.owner.query<Record<string, unknown>>(
    'select * from payment.payments where booking_id = $1 order by created_at, id',
    [booking.id],
  )

test.each([false, true])(
  'an intent made under the next key of the chain is never returned to a client, and cancelled (a page was opened: %s)',
  async (paged) => {
    const { deps } = fixture.context
    const booking = fixture.bookings.add()
    const real = deps.providers.preferred
    let second = ''
    // The first answer was lost on the way, so the second try takes the next key; while it is under way, another request
    // has the intent of the first key recorded.
    const createIntent: Provider['createIntent'] = async ({ payment_id }) => {
      const other = (await fixture.intent(booking)).body as unknown as { checkout_url: string }
      if (paged) {
        const page = await fixture.context.call('GET', other.checkout_url.replace(ORIGIN, ''))
        expect(String(page.headers['location'])).toContain('/c/pay/')
      }
      second = (await intentOf(payment_id, booking)).id
      return real.fetchIntent({ intent_ref: second, checkout_ref: null })
    }
    const opened = await openIntent(
      { ...deps, providers: openRegistry([{ ...real, createIntent }]) },
      {
        buyer: { user_id: booking.user_id, guest: false },
        sources: [],
        idempotency: { owner: booking.user_id, operation: '', key: newId('msg'), body_hash: 'h' },
        body: { booking_id: booking.id },
      },
    )
    if (opened.kind !== 'opened') throw new Error(opened.kind)
    const row = await fixture.row(opened.payment.id)
    expect(opened.payment).toMatchObject({ provider_ref: row['provider_ref'], client_secret: row['client_secret'] })
    expect(row['provider_ref']).not.toBe(second)
    expect(await stripe(`payment_intents/${second}`)).toMatchObject({ status: 'canceled' })
  },
)

test.each(['open', 'on its page', 'paid', 'cancelled'])(
  'an intent that its payment does not name was paid: it goes back whole, and the payment (%s) is left alone',
  async (state) => {
    const booking = fixture.bookings.add()
    const { payment_id, checkout_url } = (await fixture.intent(booking)).body as unknown as Record<string, string>
    if (payment_id === undefined || checkout_url === undefined) throw new Error('An intent has both')
    if (state === 'on its page') await fixture.context.call('GET', checkout_url.replace(ORIGIN, ''))
    if (state === 'paid') await fixture.confirm(booking, payment_id)
    if (state === 'cancelled') {
      fixture.bookings.expire(booking.id, true)
      await fixture.reconcile(new Date(Date.now() + 3_600_000))
    }
    await fixture.drained()
    const before = await fixture.row(payment_id)
    const status = booking.status
    const stray = await intentOf(payment_id, booking, { confirm: 'true', ...CARD })
    await fixture.drained()
    expect(await fixture.row(payment_id)).toEqual(before)
    expect(booking.status).toBe(status)
    expect((await paymentsOf(booking)).filter((row) => row['id'] !== payment_id)).toMatchObject([
      { provider_ref: stray.id, status: 'refunded', settlement: 'paid-otherwise', captured: 4_800, refunded: 4_800 },
    ])
    await fixture.sound()
    // The buyer may still pay as they meant to.
    if (state === 'open')
      expect((await fixture.confirm(booking, payment_id)).body).toMatchObject({ status: 'succeeded' })
  },
)

test('a stray intent in another currency goes back, too', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  await intentOf(payment_id, booking, { currency: 'eur', confirm: 'true', ...CARD })
  await fixture.drained()
  await fixture.sound('EUR')
  expect((await fixture.sandbox.ledger('EUR')).refunded).toBe(4_800)
})

test('two processes that learn of a stray intent at once book it once', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  await fixture.sandbox.control('POST', '/webhooks', { duplicate: 5, shuffle: true, seed: 3 })
  await intentOf(payment_id, booking, { confirm: 'true', ...CARD })
  await Promise.all([fixture.reconcile(), fixture.reconcile(), fixture.drained()])
  await fixture.drained()
  expect(await paymentsOf(booking)).toHaveLength(2)
  await fixture.sandbox.control('POST', '/webhooks', { duplicate: 1, shuffle: false })
})
