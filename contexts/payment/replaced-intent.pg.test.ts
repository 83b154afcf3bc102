import { afterAll, beforeAll, expect, test } from 'vitest'
import { intentBody } from './answers.ts'
import { openCheckout } from './checkout.ts'
import { confirmPayment } from './confirm.ts'
import type { Deps } from './deps.ts'
import { type Fixture, openFixture } from './fixture.ts'
import { paymentById } from './payment.ts'
import type { Provider, Reply } from './provider/provider.ts'
import { openRegistry } from './provider/registry.ts'
import { reconcile } from './reconcile/reconcile.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => {
  await fixture.drained()
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const LOST: Reply<never> = { kind: 'unknown', error: 'lost' }
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000)

/** Our side of a provider that does what it is asked to, as far as it hears it: cancellations do not arrive. */
function brownOut({ context: { deps } }: Fixture): Deps {
  const real = deps.providers.preferred
  const confirmIntent: Provider['confirmIntent'] = async (...asked) => {
    await real.confirmIntent(...asked)
    return LOST
  }
  const provider = { ...real, confirmIntent, cancelIntent: async () => LOST }
  return { ...deps, providers: openRegistry([provider]) }
}

/** Our side of a provider whose list of events is away. */
function unlisted({ context: { deps } }: Fixture): Deps {
  return { ...deps, providers: openRegistry([{ ...deps.providers.preferred, eventsPage: async () => LOST }]) }
}

/** A payment whose page was opened while its intent could not be cancelled. `charge` repeats one key. */
async function replaced({ charged }: { charged: boolean }) {
  const { deps } = fixture.context
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  const payment = await paymentById(deps.db, payment_id)
  const intent = payment?.provider_ref
  if (payment === undefined || typeof intent !== 'string') throw new Error('It has an intent')
  const idempotency = { owner: booking.user_id, operation: '', key: `charge ${payment_id}`, body_hash: 'h' }
  const charge = (at: Deps = deps) =>
    confirmPayment(at, { idempotency, sources: [], body: { payment_id, payment_method: 'pm_card_visa' } })
  const unheard = brownOut(fixture)
  if (charged) expect(await charge(unheard)).toMatchObject({ kind: 'answered', body: { status: 'processing' } })
  const key = intentBody(deps, payment).checkout_url.split('/').at(-1) ?? ''
  const open = (at: Deps = deps) => openCheckout(at, payment_id, key)
  expect(await open(unheard)).toMatchObject({ url: expect.stringContaining('payment=unavailable') })
  expect(await fixture.row(payment_id)).toMatchObject({ provider_ref: null, replaced_ref: intent })
  return { booking, payment_id, intent, charge, open, unheard }
}

async function stripe(path: string, body = '') {
  const headers = { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' }
  expect((await fetch(`${fixture.sandbox.origin}/v1/${path}`, { method: 'POST', headers, body })).status).toBe(200)
}

type Replaced = Awaited<ReturnType<typeof replaced>>
const LEARNED: [how: string, learn: (of: Replaced) => Promise<unknown>][] = [
  ['the webhook', () => fixture.sandbox.control('POST', '/withheld/release', {})],
  ['the reconciler', () => reconcile(unlisted(fixture), inMinutes(2).toISOString())],
  ['a process that begins to lead', () => fixture.resume()],
]

async function confirmedInTime({ booking, payment_id, intent }: Replaced): Promise<void> {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: false })
  await fixture.sandbox.control('POST', '/withheld/release', {})
  await fixture.drained()
  expect(booking).toMatchObject({ status: 'confirmed', paid_by: payment_id })
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'succeeded', provider_ref: intent, captured: 4_800 })
  const failures = await fixture.context.published('payment.failed')
  expect(failures.filter((event) => event.key === payment_id)).toEqual([])
}

test.each(LEARNED)(
  'a charge that got no answer, whose intent a page replaces, sells the seats: by %s',
  async (_how, learn) => {
    await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
    const paid = await replaced({ charged: true })
    await learn(paid)
    await confirmedInTime(paid)
    expect(await paid.charge()).toMatchObject({ body: { status: 'succeeded' } })
  },
)

test.each(LEARNED)('so does one whose process died with the opener of the page: by %s', async (_how, learn) => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const paid = await replaced({ charged: false })
  await stripe(`payment_intents/${paid.intent}/confirm`, 'payment_method=pm_card_visa')
  await learn(paid)
  await confirmedInTime(paid)
})

test('a repeat of the charge takes it up as well, and keeps its key while the provider gives no answer', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const paid = await replaced({ charged: true })
  expect(await paid.charge(paid.unheard)).toMatchObject({ kind: 'answered', body: { status: 'processing' } })
  expect(await paid.charge()).toMatchObject({ kind: 'answered', body: { status: 'succeeded' } })
  await confirmedInTime(paid)
  expect(await paid.charge()).toMatchObject({ kind: 'replayed', status: 200 })
})

test('the replaced intent was paid and its page is over: the intent is the payment’s again', async () => {
  await fixture.sandbox.control('POST', '/webhooks', { withhold: true })
  const paid = await replaced({ charged: true })
  const { checkout_ref } = await fixture.row(paid.payment_id)
  await stripe(`checkout/sessions/${checkout_ref}/expire`)
  await fixture.reconcile(inMinutes(2))
  await confirmedInTime(paid)
})

test('a replaced intent that nobody paid is cancelled before anything is said of the payment', async () => {
  const { payment_id, open } = await replaced({ charged: false })
  await fixture.context.db.query(`update payment.payments set status = 'processing' where id = $1`, [payment_id])
  await fixture.reconcile(inMinutes(2))
  // The charge never arrived; the page is the one way to pay.
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'failed', replaced_ref: null })
  expect(await open()).toMatchObject({ url: expect.stringContaining('/c/pay/') })
})
