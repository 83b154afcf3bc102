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
const STEPS = 6
const AT_SOME_TIME_MS = 3_600_000

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

/** The bank decides the next charge of this intent when somebody hurries it; not of one that is charged or cancelled. */
async function leaveUndecided(payment_intent: string, succeeds: boolean): Promise<void> {
  const outcome = succeeds ? { succeed_after_ms: AT_SOME_TIME_MS } : { fail_after_ms: AT_SOME_TIME_MS }
  await fixture.sandbox.control('POST', '/late', { payment_intent, ...outcome }).catch(() => undefined)
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
    const intent = opened.kind === 'opened' ? opened.payment.client_secret?.split('_secret')[0] : undefined
    const card = { payment_method: 'pm_card_visa' }
    if (intent !== undefined) ways.push(() => stripe(`payment_intents/${intent}/confirm`, card))
    if (intent !== undefined && random() < 0.7) await leaveUndecided(intent, random() < 0.3)
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
    if (page === null) return
    // One that was paid meanwhile leads back to us.
    const shown = await fetch(page, { redirect: 'manual' })
    expect(await shown.text()).not.toContain('Payment page expired')
    const body = new URLSearchParams({ number: '4242424242424242', expiry: '12 / 40', cvc: '123' })
    ways.push(() => fetch(page, { method: 'POST', body, redirect: 'manual' }))
  } else if (dice < 0.75) await fixture.sandbox.control('POST', '/hurry')
  else if (dice < 0.8) await reconcile(deps, inMinutes(2).toISOString())
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
    await fixture.sandbox.control('POST', '/hurry')
    await fixture.drained()
    await fixture.reconcile(inMinutes(4))
    const moving = `select status from payment.payments where booking_id = $1 and status in ('processing', 'requires_action')`
    expect({ seed, moving: await fixture.context.owner.query(moving, [booking.id]) }).toEqual({ seed, moving: [] })
    for (const minutes of [15, 30]) await fixture.reconcile(inMinutes(minutes))
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
