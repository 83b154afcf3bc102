import { expect, test } from 'vitest'
import { newCharge, newEvent, newIntent } from './objects.ts'
import { Store } from './store.ts'

test('of delivered events the newest stay, undelivered ones and everything else all do', () => {
  const store = new Store(null)
  const intent = newIntent(
    1,
    { amount: 5, currency: 'eur', description: null, metadata: {}, receipt_email: null },
    null,
  )
  const charge = newCharge(1, intent, {}, null)
  const cause = { id: null, idempotency_key: null }
  const waiting = newEvent(1, 'charge.succeeded', charge, 1, cause)
  store.transaction(() => {
    store.put(charge)
    store.putEvent(waiting)
    for (let n = 0; n < 23_000; n += 1) store.putEvent(newEvent(1, 'charge.succeeded', charge, 0, cause))
  })
  store.forget(Date.now())
  const events = store.list('events', 100_000).length
  // The oldest one waits to be delivered; of the others the newest stay.
  expect(events).toBe(20_001)
  expect(store.undelivered()).toEqual([{ id: waiting.id, type: waiting.type }])
  expect(store.get('charges', charge.id)).toEqual(charge)
  store.close()
})
