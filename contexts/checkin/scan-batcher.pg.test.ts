import { newId } from '@tessera/contracts/ids'
import { expect, test } from 'vitest'
import { SaturatedError } from '#platform/batching'
import { openDoor } from './door.fixture.ts'
import { LIMITS, openScanBatcher } from './scan-batcher.ts'

test('while PostgreSQL is stuck scans wait, up to a limit; once it is free all of them are decided', async () => {
  await using door = await openStuckDoor()
  const scans = Array.from({ length: LIMITS.queue_length_max }, (_, index) => door.submit(index % door.tickets))
  await expect(door.submit(0)).rejects.toThrow(SaturatedError)
  await door.release()
  const results = (await Promise.all(scans)).map((decision) => decision.result)
  expect(results.filter((result) => result === 'admitted')).toHaveLength(door.tickets)
  expect(results.filter((result) => result === 'already_used')).toHaveLength(LIMITS.queue_length_max - door.tickets)
})

/** A door whose tickets are all locked by someone else until `release`. */
async function openStuckDoor() {
  const door = await openDoor()
  const issued = await door.issue(20)
  const locker = await door.context.owner.connect()
  await locker.query('begin')
  await locker.query('select from checkin.tickets for update')
  const batcher = openScanBatcher(door.context.db, () => undefined)
  return {
    tickets: issued.length,
    submit: (index: number) => {
      const ticket = issued[index]?.ticket
      if (ticket === undefined) throw new Error('fewer tickets than asked for')
      const { code_id, performance_id } = ticket
      const rest = { gate: null, device_id: null, scanned_at: null, idempotency_key: null, body_hash: null }
      return batcher.submit({ code_id, performance_id, checkin_id: newId('chk'), staff_user_id: 'usr', ...rest })
    },
    release: async () => {
      await locker.query('rollback')
      locker.release()
    },
    [Symbol.asyncDispose]: () => door.context[Symbol.asyncDispose](),
  }
}
