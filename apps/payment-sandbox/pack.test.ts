import { expect, test } from 'vitest'
import type { Change } from './objects.ts'
import { pack, unpack } from './pack.ts'
import { startRunning } from './testing.ts'

test('what is packed comes back the same, to the byte, and is smaller', async () => {
  await using running = await startRunning()
  const { stripe, control } = running
  const sale = { amount: 1000, currency: 'eur', metadata: { booking_id: 'bk_1' }, receipt_email: 'a@b.test' } as const
  const paid = await stripe.paymentIntents.create({ ...sale, confirm: true, payment_method: 'pm_card_visa' })
  await stripe.refunds.create({ payment_intent: paid.id, amount: 10 })
  await control.dispute({ payment_intent: paid.id })
  const asked = await stripe.paymentIntents.create({
    ...sale,
    confirm: true,
    payment_method: 'pm_card_authenticationRequired',
  })
  await control.challenge(asked.id, 'complete')
  await stripe.paymentIntents
    .create({ ...sale, confirm: true, payment_method: 'pm_card_chargeDeclined' })
    .catch(() => null)
  const kinds = ['payment_intents', 'charges', 'refunds', 'balance_transactions', 'disputes', 'events'] as const
  const changes: Change[] = kinds.flatMap((kind) => control.objects(kind))
  const remembered = {
    object: 'tessera.idempotency',
    id: 'k',
    request_id: 'req_1',
    target: '/v1/x',
    fingerprint: 'f',
    status: 200,
    at_ms: 1,
  } as const
  for (const change of control.objects('payment_intents')) changes.push({ ...remembered, body: change })
  changes.push({ ...remembered, body: '{"error":{}}' })
  expect(changes.length).toBeGreaterThan(20)
  const written = changes.map((change) => JSON.stringify(pack(change)))
  const read = written.map((text) => unpack(JSON.parse(text)))
  for (const [index, change] of changes.entries()) {
    expect(read[index]).toEqual(change)
    expect(JSON.stringify(subjectOf(read[index]))).toBe(JSON.stringify(subjectOf(change)))
  }
  expect(written.join('').length).toBeLessThan(JSON.stringify(changes).length * 0.6)
})

/** What may be sent over the wire again: there the order of fields counts too. */
function subjectOf(change: Change | undefined): unknown {
  return change?.object === 'tessera.idempotency'
    ? change.body
    : change?.object === 'event'
      ? change.data.object
      : change
}
