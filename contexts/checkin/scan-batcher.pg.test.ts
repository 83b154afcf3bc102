import { newId } from '@tessera/contracts/ids'
import { expect, test } from 'vitest'
import { openDoor } from './door.fixture.ts'
import { QUEUE_LENGTH_MAX, ScanBatcher, ScansSaturatedError } from './scan-batcher.ts'

test('while PostgreSQL is stuck scans wait, up to a limit; once it is free all of them are decided', async () => {
  await using door = await openStuckDoor()
  const first = door.submit(0)
  const second = door.submit(1)
  const others = Array.from({ length: QUEUE_LENGTH_MAX }, (_, index) => door.submit(index % door.tickets))
  await expect(door.submit(0)).rejects.toThrow(ScansSaturatedError)
  await door.release()
  const results = (await Promise.all([first, second, ...others])).map((decision) => decision.result)
  expect(results.filter((result) => result === 'admitted')).toHaveLength(door.tickets)
  expect(results.filter((result) => result === 'already_used')).toHaveLength(QUEUE_LENGTH_MAX + 2 - door.tickets)
})

/** A door whose tickets are all locked by someone else until `release`. */
async function openStuckDoor() {
  const door = await openDoor()
  const issued = await door.issue(20)
  const locker = await door.context.owner.connect()
  await locker.query('begin')
  await locker.query('select from checkin.tickets for update')
  const batcher = new ScanBatcher(door.context.db, () => undefined)
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
