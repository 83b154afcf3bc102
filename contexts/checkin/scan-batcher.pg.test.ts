import { newId } from '@tessera/contracts/ids'
import { expect, test } from 'vitest'
import { SaturatedError } from '#platform/batching'
import { openFixture } from './fixture.ts'
import { LIMITS, openScanBatcher } from './scan-batcher.ts'

test('while PostgreSQL is blocked scans wait, up to a limit; afterwards all of them are decided', async () => {
  await using fixture = await openStuckDoor()
  const scans = Array.from({ length: LIMITS.queue_length_max }, (_, index) => fixture.submit(index % fixture.tickets))
  await expect(fixture.submit(0)).rejects.toThrow(SaturatedError)
  await fixture.release()
  const results = (await Promise.all(scans)).map((decision) => decision.result)
  expect(results.filter((result) => result === 'admitted')).toHaveLength(fixture.tickets)
  expect(results.filter((result) => result === 'already_used')).toHaveLength(LIMITS.queue_length_max - fixture.tickets)
})

/** A door whose tickets are all locked by another session until `release`. */
async function openStuckDoor() {
  const fixture = await openFixture()
  const issued = await fixture.issue(20)
  const locker = await fixture.context.owner.connect()
  await locker.query('begin')
  await locker.query('select from checkin.tickets for update')
  const batcher = openScanBatcher(fixture.context.db, () => undefined)
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
    [Symbol.asyncDispose]: () => fixture.context[Symbol.asyncDispose](),
  }
}
