import { afterAll, beforeAll, expect, test } from 'vitest'
import { intentBody } from './answers.ts'
import { openBatchers } from './batchers.ts'
import type { TestBooking } from './bookings.fixture.ts'
import { openCheckout } from './checkout.ts'
import { confirmPayment } from './confirm.ts'
import type { Deps } from './deps.ts'
import { type Fixture, openFixture } from './fixture.ts'
import { openIntent } from './open-intent.ts'
import { paymentById } from './payment.ts'
import type { Provider } from './provider/provider.ts'
import { openRegistry } from './provider/registry.ts'
import { drainEvents, reconcile } from './reconcile/reconcile.ts'

const ROUNDS = 16
const BUYERS = 4
const STEPS = 4

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000)

/** A seeded generator (mulberry32): the same storm again for the same seed, as far as scheduling allows. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function stripe(path: string, params: Record<string, string>): Promise<{ id: string }> {
  const headers = { authorization: 'Bearer sk_test_tessera', 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams(params).toString()
  const answer = await fetch(`${fixture.sandbox.origin}/v1/${path}`, { method: 'POST', headers, body })
  return (await answer.json()) as { id: string }
}

/** A process of ours whose calls and answers get lost; one creation in three is made under the next key of the chain. */
function flakyProcess({ context: { deps } }: Fixture, random: () => number): Deps {
  const real = deps.providers.preferred
  const lossy =
    <A extends unknown[], R>(call: (...asked: A) => Promise<R>) =>
    async (...asked: A): Promise<R | { kind: 'unknown'; error: string }> => {
      const dice = random()
      if (dice < 0.15) return { kind: 'unknown', error: 'the request was lost' }
      const reply = await call(...asked)
      return dice < 0.35 ? { kind: 'unknown', error: 'the answer was lost' } : reply
    }
  const createIntent: Provider['createIntent'] = async (input) => {
    if (random() < 0.7) return real.createIntent(input)
    const metadata = { 'metadata[payment_id]': input.payment_id, 'metadata[booking_id]': input.booking_id }
    const made = await stripe('payment_intents', { amount: String(input.amount.amount), currency: 'usd', ...metadata })
    return real.fetchIntent({ intent_ref: made.id, checkout_ref: null })
  }
  const provider: Provider = {
    ...real,
    createIntent: lossy(createIntent),
    confirmIntent: lossy(real.confirmIntent),
    cancelIntent: lossy(real.cancelIntent),
    openCheckout: lossy(real.openCheckout),
    fetchIntent: lossy(real.fetchIntent),
  }
  return {
    ...deps,
    concluding: new Set(),
    batchers: openBatchers(deps.by_key, () => undefined),
    providers: openRegistry([provider]),
  }
}

type Storm = {
  booking: TestBooking
  processes: readonly Deps[]
  random: () => number
  ways: (() => Promise<unknown>)[]
}

/** One thing that a buyer or a job does. `ways`: what a browser can do with the pages and secrets it has got. */
async function step({ booking, processes, random, ways }: Storm): Promise<void> {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)]
  const deps = pick(processes) ?? fixture.context.deps
  const key = (what: string) => `${what} ${booking.id} ${Math.floor(random() * 3)}`
  const asked = { owner: booking.user_id, operation: '' }
  const [row] = await fixture.context.owner.query<{ id: string }>(
    'select id from payment.payments where booking_id = $1 and sole order by created_at desc limit 1',
    [booking.id],
  )
  const payment = row === undefined ? undefined : await paymentById(deps.db, row.id)
  const dice = random()
  if (payment === undefined || dice < 0.25) {
    const opened = await openIntent(deps, {
      buyer: { user_id: booking.user_id, guest: false },
      sources: [],
      idempotency: { ...asked, key: key('intent'), body_hash: 'h' },
      body: { booking_id: booking.id },
    })
    const secret = opened.kind === 'opened' ? opened.payment.client_secret : null
    const card = { payment_method: 'pm_card_visa' }
    if (secret !== null) ways.push(() => stripe(`payment_intents/${secret.split('_secret')[0]}/confirm`, card))
  } else if (dice < 0.5) {
    const payment_method = random() < 0.7 ? 'pm_card_visa' : 'pm_card_chargeDeclined'
    await confirmPayment(deps, {
      idempotency: { ...asked, key: key('charge'), body_hash: payment_method },
      sources: [],
      body: { payment_id: payment.id, payment_method },
    })
  } else if (dice < 0.7) {
    const opened = await openCheckout(deps, payment.id, intentBody(deps, payment).checkout_url.split('/').at(-1) ?? '')
    const page = opened.kind === 'go' && opened.url.includes('/c/pay/') ? opened.url : null
    const body = new URLSearchParams({ number: '4242424242424242', expiry: '12 / 40', cvc: '123' })
    if (page !== null) ways.push(() => fetch(page, { method: 'POST', body, redirect: 'manual' }))
  } else if (dice < 0.8) await reconcile(deps, inMinutes(2).toISOString())
  else if (dice < 0.9) await drainEvents(deps, inMinutes(2).toISOString())
  else await pick(ways)?.()
}

test('whatever is lost between tabs, pages, jobs and the provider: no money is taken twice, and none is forgotten', async () => {
  for (let seed = 0; seed < ROUNDS; seed++) {
    const random = randomOf(seed)
    const booking = fixture.bookings.add()
    const processes = [flakyProcess(fixture, random), flakyProcess(fixture, random)]
    const storm: Storm = { booking, processes, random, ways: [] }
    await Promise.all(
      Array.from({ length: BUYERS }, async () => {
        for (let n = 0; n < STEPS; n++) await step(storm)
      }),
    )
    if (seed % 5 === 0) fixture.bookings.expire(booking.id, true)
    await fixture.drained()
    for (const minutes of [2, 15, 30]) await fixture.reconcile(inMinutes(minutes))
    await fixture.drained()
    const paid = await fixture.context.owner.query<{ id: string }>(
      `select id from payment.payments where booking_id = $1 and captured > refunded`,
      [booking.id],
    )
    const owner = booking.paid_by === null ? [] : [{ id: booking.paid_by }]
    expect({ seed, paid }).toEqual({ seed, paid: owner })
    // The provider's own totals are ours.
    await fixture.sound()
  }
})
