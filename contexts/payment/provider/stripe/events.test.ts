import { readFileSync } from 'node:fs'
import { newId } from '@tessera/contracts/ids'
import { hasReferenceData, referenceData } from '@tessera/contracts/reference-data.fixture'
import { expect, test } from 'vitest'
import { EVENT_TYPES, readEvent } from './events.ts'

/** Stripe's own examples of its objects (stripe-mock, MIT), beside the checkout and never in it. */
const FIXTURES = 'payments/stripe-fixtures.subset.json'
const hasFixtures = hasReferenceData(FIXTURES)
const resources: Record<string, Record<string, unknown>> = hasFixtures
  ? JSON.parse(readFileSync(referenceData(FIXTURES), 'utf8')).resources
  : {}

const eventOf = (type: string, object: unknown) => ({
  id: 'evt_1',
  object: 'event',
  created: 1_800_000_000,
  type,
  data: { object },
})

test.runIf(hasFixtures)('an event about any object that Stripe has is read, whatever its type says', () => {
  expect(Object.keys(resources).length).toBeGreaterThan(20)
  for (const [name, resource] of Object.entries(resources)) {
    expect(readEvent(eventOf(`${name}.updated`, resource)), name).toMatchObject({ event_id: 'evt_1' })
    for (const type of EVENT_TYPES) expect(readEvent(eventOf(type, resource)), `${type} of ${name}`).not.toBeNull()
  }
  expect(readEvent(resources['event'])).toMatchObject({ type: 'plan.created', about: null, intent_ref: null })
})

test.runIf(hasFixtures)('an event says what it is about', () => {
  const payment_id = newId('pay')
  const { payment_intent, refund, dispute, charge } = resources
  expect(readEvent(eventOf('payment_intent.succeeded', { ...payment_intent, metadata: { payment_id } }))).toMatchObject(
    { about: 'intent', intent_ref: payment_intent?.['id'], payment_hint: payment_id },
  )
  expect(readEvent(eventOf('refund.created', { ...refund, payment_intent: 'pi_1' }))).toMatchObject({
    about: 'refund',
    intent_ref: 'pi_1',
    refund_ref: refund?.['id'],
  })
  expect(readEvent(eventOf('charge.refunded', { ...charge, payment_intent: 'pi_1' }))).toMatchObject({
    about: 'refunds',
    intent_ref: 'pi_1',
    refund_ref: null,
  })
  expect(readEvent(eventOf('charge.dispute.created', { ...dispute, payment_intent: { id: 'pi_1' } }))).toMatchObject({
    about: 'dispute',
    intent_ref: 'pi_1',
    dispute_ref: dispute?.['id'],
  })
})

test('a payment id that somebody else’s object carries is no hint', () => {
  const hint = (payment_id: unknown) =>
    readEvent(eventOf('payment_intent.succeeded', { id: 'pi_1', metadata: { payment_id } }))
  for (const foreign of ['', 'order 7', 'x'.repeat(500), 'pay_\u0000', 7, null, {}]) {
    expect(hint(foreign)).toMatchObject({ payment_hint: null })
  }
})
