import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBatchers } from './batchers.ts'
import type { TestBooking } from './bookings.fixture.ts'
import type { Deps } from './deps.ts'
import { type Fixture, openFixture } from './fixture.ts'
import { openIntent } from './open-intent.ts'
import { openRegistry } from './provider/registry.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const ask = (deps: Deps, booking: TestBooking, key: string) =>
  openIntent(deps, {
    buyer: { user_id: booking.user_id, guest: false },
    sources: [],
    idempotency: { owner: booking.user_id, operation: '', key, body_hash: booking.id },
    body: { booking_id: booking.id },
  })

test('a guest’s key that the account repeats after signing in answers the same payment, every time', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking, { key: 'K' })).body
  const guest = booking.user_id
  booking.user_id = newId('usr')
  for (let n = 0; n < 3; n++) {
    const again = await fixture.intent(booking, { key: 'K' })
    expect([again.status, again.body.payment_id]).toEqual([201, payment_id])
  }
  // The payment is the account's now, and so is the answer.
  expect((await fixture.intent({ ...booking, user_id: guest }, { key: 'K' })).status).toBe(404)
})

test('a guest’s key whose payment became an account’s is refused for another booking', async () => {
  const booking = fixture.bookings.add()
  const guest = booking.user_id
  const { payment_id } = (await fixture.intent(booking, { key: 'adopted' })).body
  booking.user_id = newId('usr')
  expect((await fixture.intent(booking)).body.payment_id).toBe(payment_id)
  const other = fixture.bookings.add({ user_id: guest })
  for (let n = 0; n < 2; n++) {
    const refused = await fixture.intent(other, { key: 'adopted' })
    expect([refused.status, refused.body]).toMatchObject([422, { type: '/problems/idempotency-mismatch' }])
  }
  expect((await fixture.intent(other)).status).toBe(201)
})

/** Runs `meanwhile` in another process, after a request here has looked for its key and before it does anything. */
function afterLookingForKey(deps: Deps, meanwhile: () => Promise<unknown>): Deps {
  let looked = false
  const maybe: Deps['db']['maybe'] = async (statement, params) => {
    const found = await deps.db.maybe<never>(statement, params)
    if (!looked && statement.name.includes('payment_of_key')) {
      looked = true
      await meanwhile()
    }
    return found
  }
  return { ...deps, db: { ...deps.db, maybe } }
}

/** One of the two has the key, now and for ever; the other booking is paid for under another one. */
async function decided(deps: Deps, key: string, bookings: readonly TestBooking[], first: readonly string[]) {
  expect(first.toSorted()).toEqual(['idempotency-mismatch', 'opened'])
  for (const [i, booking] of bookings.entries()) expect((await ask(deps, booking, key)).kind).toBe(first[i])
  for (const booking of bookings) expect((await ask(deps, booking, newId('msg'))).kind).toBe('opened')
}

test('one key for two bookings, while one joins its payment and the other opens its own: one is refused', async () => {
  const { deps } = fixture.context
  const one = fixture.bookings.add()
  await fixture.intent(one)
  const other = fixture.bookings.add({ user_id: one.user_id })
  const key = newId('msg')
  let meanwhile = ''
  const here = afterLookingForKey(deps, async () => {
    meanwhile = (await ask(deps, other, key)).kind
  })
  const first = (await ask(here, one, key)).kind
  await decided(deps, key, [one, other], [first, meanwhile])
})

test('one key for two bookings, opened by two processes at once: one is refused', async () => {
  const { deps } = fixture.context
  const here = { ...deps, batchers: openBatchers(deps.by_key, () => undefined) }
  const there = { ...deps, batchers: openBatchers(deps.by_key, () => undefined) }
  for (let round = 0; round < 20; round++) {
    const one = fixture.bookings.add()
    const other = fixture.bookings.add({ user_id: one.user_id })
    const key = newId('msg')
    const both = await Promise.all([ask(here, one, key), ask(there, other, key)])
    await decided(
      deps,
      key,
      [one, other],
      both.map((outcome) => outcome.kind),
    )
  }
})

test('what the provider refuses frees the keys of every tab: both go on with one new payment', async () => {
  const { deps } = fixture.context
  const booking = fixture.bookings.add()
  const real = deps.providers.preferred
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let waiting = 0
  const refusing = {
    ...real,
    createIntent: async () => {
      if (++waiting === 2) asked.resolve()
      await answer.promise
      return { kind: 'refused' as const, code: 'account_invalid', message: 'not now', moved: false }
    },
  }
  const closed = { ...deps, providers: openRegistry([refusing]) }
  const tabs = [ask(closed, booking, 'first tab'), ask(closed, booking, 'second tab')]
  await asked.promise
  answer.resolve()
  expect((await Promise.all(tabs)).map((outcome) => outcome.kind)).toEqual(['invalid-input', 'invalid-input'])
  const [second, first] = [await ask(deps, booking, 'second tab'), await ask(deps, booking, 'first tab')]
  if (second.kind !== 'opened' || first.kind !== 'opened') throw new Error(`${second.kind} ${first.kind}`)
  expect(first.payment.id).toBe(second.payment.id)
  expect(await fixture.row(first.payment.id)).toMatchObject({ status: 'created' })
  expect((await fixture.confirm(booking, first.payment.id)).body).toMatchObject({ status: 'succeeded' })
})

test('an intent that is made while its payment is given up is cancelled, and the next try opens a new payment', async () => {
  const { deps } = fixture.context
  const booking = fixture.bookings.add()
  const real = deps.providers.preferred
  const refused = { kind: 'refused' as const, code: 'account_invalid', message: 'not now', moved: false }
  let ref: string | null = null
  const accepting: typeof real = {
    ...real,
    createIntent: async (input) => {
      const made = await real.createIntent(input)
      if (made.kind === 'ok') ref = made.value.ref
      const again = await ask(
        { ...deps, providers: openRegistry([{ ...real, createIntent: async () => refused }]) },
        booking,
        'b',
      )
      expect(again.kind).toBe('invalid-input')
      return made
    },
  }
  expect((await ask({ ...deps, providers: openRegistry([accepting]) }, booking, 'a')).kind).toBe('unavailable')
  const intent = await real.fetchIntent({ intent_ref: ref, checkout_ref: null })
  expect(intent).toMatchObject({ value: { status: 'cancelled' } })
  expect((await ask(deps, booking, 'a')).kind).toBe('opened')
})
