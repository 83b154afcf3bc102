import { ConfirmPaymentResponse, CreateIntentResponse } from '@tessera/contracts/http/payment'
import { newId } from '@tessera/contracts/ids'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirmBody, intentBody } from '../answers.ts'
import { openCheckout } from '../checkout.ts'
import { confirmPayment } from '../confirm.ts'
import { type Fixture, ORGANIZER, openFixture } from '../fixture.ts'
import { openIntent } from '../open-intent.ts'
import { drainEvents, reconcile } from '../reconcile/reconcile.ts'
import { refundPayment } from '../refunds/refund.ts'
import { receiveWebhook } from '../webhooks/receive.ts'
import { eventAbout, type MemoryProvider, memoryProvider, memoryWebhook } from './memory.fixture.ts'
import { openRegistry } from './registry.ts'

let fixture: Fixture
let shells: MemoryProvider

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
  shells = memoryProvider('shells')
})
afterAll(() => fixture[Symbol.asyncDispose]())

/** The context with a second provider. Its own pump knows the first alone, and would take events of the second away. */
const both = () => ({
  ...fixture.context.deps,
  webhooks: { nudge: () => undefined, idle: async () => undefined, close: async () => undefined },
  providers: openRegistry([fixture.context.deps.providers.preferred, shells]),
})

const keyed = (owner: string) => ({ owner, operation: '', key: newId('msg'), body_hash: newId('msg') })

async function open(provider?: string, booking = fixture.bookings.add(), idempotency = keyed(booking.user_id)) {
  const outcome = await openIntent(both(), {
    buyer: { user_id: booking.user_id, guest: false },
    sources: [],
    idempotency,
    body: { booking_id: booking.id, ...(provider === undefined ? {} : { provider }) },
  })
  if (outcome.kind !== 'opened') throw new Error(outcome.kind)
  return { booking, payment: outcome.payment, idempotency }
}

test('two payments of one process each go their own provider’s way: webhook, capture, refund', async () => {
  const ours = await open('shells')
  const theirs = await open()
  expect([ours.payment.provider, theirs.payment.provider]).toEqual(['shells', 'stripe'])
  const ref = ours.payment.provider_ref ?? ''
  shells.pay(ref)
  expect(await receiveWebhook(both(), 'shells', { raw: Buffer.from(ref), headers: {} })).toEqual({ kind: 'untrusted' })
  expect(await receiveWebhook(both(), 'shells', memoryWebhook(ref))).toEqual({ kind: 'recorded' })
  await drainEvents(both(), null)
  expect(ours.booking.status).toBe('confirmed')
  expect(theirs.booking.status).toBe('held')
  const refunded = await refundPayment(both(), {
    principal: ORGANIZER,
    payment_id: ours.payment.id,
    idempotency: keyed('usr_organizer'),
    body: { reason: 'rain' },
  })
  expect(refunded).toMatchObject({ kind: 'refunded', body: { status: 'succeeded' } })
  expect([...shells.refunds.values()]).toMatchObject([{ intent_ref: ref, amount: { amount: 4_800 } }])
})

test('a provider without a secret for the browser makes one intent, whoever asks and how often', async () => {
  const { booking, payment, idempotency } = await open('shells')
  const repeated = await open('shells', booking, idempotency)
  const joined = await open('shells', booking)
  for (const one of [repeated, joined]) {
    expect(one.payment).toMatchObject({ id: payment.id, provider_ref: payment.provider_ref, client_secret: null })
    expect(intentBody(both(), one.payment)).toEqual(intentBody(both(), payment))
  }
  expect([...shells.intents.values()].filter((intent) => intent.payment_id === payment.id)).toHaveLength(1)
  expect(Value.Check(CreateIntentResponse, intentBody(both(), payment))).toBe(true)
})

test('the address of its page needs no secret of the provider, and no other key opens it', async () => {
  const { payment } = await open('shells')
  const key = intentBody(both(), payment).checkout_url.split('/').at(-1) ?? ''
  expect(await openCheckout(both(), payment.id, key)).toMatchObject({ kind: 'go' })
  const other =
    intentBody(both(), (await open('shells')).payment)
      .checkout_url.split('/')
      .at(-1) ?? ''
  expect(await openCheckout(both(), payment.id, other)).toEqual({ kind: 'not-found' })
})

test('a step that the bank wants is told in the words of the API, at first and at every repeat', async () => {
  const { booking, payment } = await open('shells')
  const idempotency = keyed(booking.user_id)
  const body = { payment_id: payment.id, payment_method: 'anything' }
  const first = await confirmPayment(both(), { idempotency, body, sources: [] })
  if (first.kind !== 'answered') throw new Error(first.kind)
  const told = {
    payment_id: payment.id,
    status: 'requires_action',
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { url: `https://bank.test/${payment.provider_ref}`, return_url: payment.return_url },
    },
    booking: { id: booking.id, status: 'held' },
  }
  expect(confirmBody(first.body)).toEqual(told)
  expect(Value.Check(ConfirmPaymentResponse, told)).toBe(true)
  expect(await confirmPayment(both(), { idempotency, body, sources: [] })).toEqual({
    kind: 'replayed',
    status: 200,
    body: first.body,
  })
})

test('a reference of one provider means no payment of another, whatever hint it carries', async () => {
  const { booking, payment } = await open()
  const stray = { ...eventAbout(payment.provider_ref ?? ''), payment_hint: payment.id }
  await both().batchers.event.submit({ provider: 'shells', ...stray })
  await drainEvents(both(), null)
  expect(booking.status).toBe('held')
  const [row] = await fixture.context.owner.query<{ state: string }>(
    `select state from payment.webhook_events where event_id = $1`,
    [stray.event_id],
  )
  expect(row?.state).toBe('parked')
})

test('the poll reads every page, and begins again when one of them cannot be read', async () => {
  const paid = await Promise.all(Array.from({ length: 3 }, () => open('shells')))
  for (const { payment } of paid) shells.pay(payment.provider_ref ?? '')
  const noise = Array.from({ length: 247 }, (_, i) => eventAbout(`unknown-${i}`))
  const [first, middle, last] = paid.map(({ payment }) => eventAbout(payment.provider_ref ?? ''))
  if (first === undefined || middle === undefined || last === undefined) throw new Error('three were paid')
  shells.events.push(last, ...noise.slice(0, 120), middle, ...noise.slice(120), first)
  const page = shells.eventsPage
  shells.eventsPage = async (since, after) => (after === '240' ? { kind: 'unsent' } : page(since, after))
  await reconcile(both(), null)
  expect(paid.map(({ booking }) => booking.status)).toEqual(['held', 'confirmed', 'confirmed'])
  expect(await cursor()).toEqual([])
  shells.eventsPage = page
  await reconcile(both(), null)
  expect(paid.map(({ booking }) => booking.status)).toEqual(['confirmed', 'confirmed', 'confirmed'])
  expect(await cursor()).toHaveLength(1)
})

test('a payment whose provider is not configured any more does not hold up the others', async () => {
  const { payment } = await open('shells')
  shells.pay(payment.provider_ref ?? '')
  const { booking } = await fixture.pay()
  await reconcile(fixture.context.deps, new Date(Date.now() + 31_000).toISOString())
  expect(booking.status).toBe('confirmed')
  expect(await fixture.row(payment.id)).toMatchObject({ status: 'created' })
})

test('two providers of one name are refused', () => {
  expect(() => openRegistry([memoryProvider('a'), memoryProvider('a')])).toThrow('one name')
})

const cursor = () => fixture.context.owner.query(`select 1 from payment.provider_cursors where provider = 'shells'`)
