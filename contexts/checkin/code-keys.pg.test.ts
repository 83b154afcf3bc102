import { newCodeId, readTicketCode, type TicketCode } from '@tessera/contracts/ticket-code'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RpcUnavailableError } from '#platform/rpc'
import { openCodeKeys } from './code-keys.ts'
import { type Fixture, newKey, openFixture } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

function codeBy(key?: ReturnType<typeof newKey>): TicketCode {
  const code = readTicketCode(fixture.codeFor({ code_id: newCodeId(), performance_id: 'perf_1' }, key))
  if (code === null) throw new Error('the fixture made no code')
  return code
}

function open(published: { key_id: string; public_key: string }[], clock = { now_ms: 0 }) {
  const calls = { count: 0, down: false }
  const code_keys = async () => {
    calls.count++
    if (calls.down) throw new Error('ticketing is away')
    return published
  }
  return { calls, keys: openCodeKeys({ db: fixture.context.db, ticketing: { code_keys }, now_ms: () => clock.now_ms }) }
}

test('a key is requested once, however many scans wait for it, and stored for a start without ticketing', async () => {
  const first = open(fixture.publicKeys)
  const keys = await first.keys
  expect(await Promise.all(Array.from({ length: 10 }, () => keys.signed(codeBy())))).toEqual(Array(10).fill(true))
  expect(first.calls.count).toBe(1)

  const restarted = open([])
  restarted.calls.down = true
  expect(await (await restarted.keys).signed(codeBy())).toBe(true)
})

test('a rotated key is found at once; forged key ids do not cause repeated requests', async () => {
  const clock = { now_ms: 0 }
  const published = [...fixture.publicKeys]
  const { calls, keys } = open(published, clock)
  const door_keys = await keys
  expect(await door_keys.signed(codeBy(newKey('f0f0f0f0')))).toBe(false)
  expect(await door_keys.signed(codeBy(newKey('f0f0f0f1')))).toBe(false)
  expect(calls.count).toBe(1)
  const next = newKey('0000aaaa')
  published.push({ key_id: next.key_id, public_key: next.public_key })
  clock.now_ms = 2_000
  expect(await door_keys.signed(codeBy(next))).toBe(true)
  expect(await door_keys.signed(codeBy())).toBe(true)
})

test('an unknown key while ticketing is unavailable fails the scan instead of refusing the code', async () => {
  const { calls, keys } = open([])
  calls.down = true
  await expect((await keys).signed(codeBy(newKey('abcdabcd')))).rejects.toThrow(RpcUnavailableError)
})
