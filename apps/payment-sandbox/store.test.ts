import { expect, test } from 'vitest'
import { newCharge, newEvent, newIntent } from './objects.ts'
import { Store } from './store.ts'

test('of delivered events the newest stay, undelivered ones and everything else all do', async () => {
  const store = new Store(null)
  const intent = newIntent(1, { amount: 5, currency: 'eur', description: null, metadata: {} }, null)
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
  await store.close()
})

test('transactions of one turn commit together; one that fails undoes itself alone, and nothing leaves before', async () => {
  const store = new Store(null)
  const due = (id: string) => ({ id, at_ms: 1, outcome: 'succeed' }) as const
  const told: string[] = []
  const first = store.transaction(() => store.setDue(due('first')))
  const fail = (): never => {
    store.setDue(due('second'))
    throw new Error('refused')
  }
  expect(() => store.transaction(fail)).toThrow('refused')
  const third = store.transaction(() => store.setDue(due('third')))
  expect(third.committed).toBe(first.committed)
  void first.committed.then(() => told.push('committed'))
  await Promise.resolve()
  expect(told).toEqual([])
  await third.committed
  expect(told).toEqual(['committed'])
  expect(store.dues(1).map(({ id }) => id)).toEqual(['first', 'third'])
  expect(store.transaction(() => undefined).committed).not.toBe(first.committed)
  await store.close()
})
