import { newCodeId, ticketCode, ticketCodeBody } from '@tessera/contracts/ticket-code'
import { expect, test } from 'vitest'
import type { Checkin } from '../../api/bodies.ts'
import { Problem } from '../../api/problem.ts'
import { CheckinDesk, type Mode } from './checkin-desk.ts'
import type { Scan } from './open-scans.ts'

const newCode = (): string =>
  ticketCode(ticketCodeBody({ key_id: '0a1b2c3d', code_id: newCodeId(), performance_id: 'perf_a' }), new Uint8Array(64))
const [A, B, C, D] = [newCode(), newCode(), newCode(), newCode()]

const admission = (checkin_id: string, label: string): Checkin => ({
  checkin_id,
  result: 'admitted',
  admitted_at: '2026-11-28T12:05:00.000Z',
  gate: null,
  ticket: { id: 'tkt', booking_id: 'bk', performance_id: 'perf_a', tier: { id: 'tier', name: 'Adult' } },
  holder: null,
  seat: { id: label, label },
})

/** A door whose server admits each code once and holds its answers back until `settle`, unless it answers at once. */
function openDoor() {
  const door = {
    now_ms: 0,
    asked: [] as string[],
    felt: [] as string[],
    mode: { kind: 'ready' } as Mode,
    late: new AbortController(),
    answers: null as PromiseWithResolvers<void> | null,
  }
  const used = new Map<string, string>()
  const keys = new Set<string>()
  const check = async ({ body, idempotency_key }: Scan): Promise<Checkin> => {
    door.asked.push(body.code)
    await door.answers?.promise
    if (used.has(body.code) && !keys.has(idempotency_key)) throw new Problem('already-used', 409)
    keys.add(idempotency_key)
    used.set(body.code, `chk_${body.code}`)
    return admission(`chk_${body.code}`, body.code.slice(20, 30))
  }
  const desk = new CheckinDesk({
    check,
    undo: async (checkin_id) => void used.delete(checkin_id.slice('chk_'.length)),
    scanOf: (code, gate) => ({ body: { code, gate, performance_id: 'perf_a' }, idempotency_key: crypto.randomUUID() }),
    feel: (tone) => void door.felt.push(tone),
    show: (mode) => {
      door.mode = mode
    },
    counted: () => undefined,
    time_zone: 'UTC',
    serverNow: () => 0,
    nowMs: () => door.now_ms,
    deadline: () => door.late.signal,
  })
  return { door, desk }
}

type Door = ReturnType<typeof openDoor>

/** The promises of an answer that is there have run. */
const answered = () => new Promise((resolve) => setImmediate(resolve))

const title = ({ door: { mode } }: Door) => (mode.kind === 'answered' ? mode.answer.title : mode.kind)
const lead = ({ door: { mode } }: Door) => (mode.kind === 'answered' ? mode.answer.lead : null)
const nextStep = ({ door: { mode } }: Door) => (mode.kind === 'answered' ? mode.answer.next_step : null)

/** The picture shows these codes for a time, ten frames a second. */
async function show({ door, desk }: Door, codes: readonly string[], for_ms: number): Promise<void> {
  for (const end_ms = door.now_ms + for_ms; door.now_ms < end_ms; door.now_ms += 100) {
    desk.look(codes, '')
    await answered()
  }
}

test('two tickets before one camera: the first is admitted and stays, without an alarm', async () => {
  const at = openDoor()
  await show(at, [A, B], 30_000)
  expect(at.door.asked).toEqual([A])
  expect(at.door.felt).toEqual(['admit'])
  expect([title(at), lead(at)]).toEqual(['Welcome', A.slice(20, 30)])
  await show(at, [B], 3_000)
  expect(at.door.asked).toEqual([A, B])
  expect([title(at), lead(at)]).toEqual(['Welcome', B.slice(20, 30)])
})

test('Next takes the other one at once, and neither again while they stay', async () => {
  const at = openDoor()
  await show(at, [A, B], 500)
  at.desk.scanOn()
  await show(at, [A, B], 10_000)
  at.desk.scanOn()
  await show(at, [A, B], 10_000)
  expect(at.door.asked).toEqual([A, B])
  expect(at.door.felt).toEqual(['admit', 'admit'])
  expect(at.door.mode.kind).toBe('scanning')
})

test('a ticket that comes back after another one has its own answer again', async () => {
  const at = openDoor()
  for (const code of [C, D, C]) await show(at, [code], 2_000)
  expect(at.door.asked).toEqual([C, D])
  expect([title(at), lead(at)]).toEqual(['Welcome', C.slice(20, 30)])
  for (const code of [D, C, D, C]) await show(at, [code], 1_000)
  expect(at.door.asked).toEqual([C, D])
  expect(at.door.felt).toEqual(['admit', 'admit'])
})

test('a ticket that comes back much later is refused by the server', async () => {
  const at = openDoor()
  await show(at, [A], 1_000)
  await show(at, [], 6_000)
  await show(at, [A], 1_000)
  expect(at.door.asked).toEqual([A, A])
  expect(at.door.felt).toEqual(['admit', 'refuse'])
  expect(title(at)).toBe('Already in')
})

test('the double trigger of a hand scanner shows the welcome again, in any letter case', async () => {
  const at = openDoor()
  at.desk.check(A, 'scanned', '')
  at.desk.check(A, 'scanned', '')
  await answered()
  at.door.now_ms = 300
  at.desk.check(` ${A.toLowerCase()} `, 'scanned', '')
  expect(at.door.asked).toEqual([A])
  expect(at.door.felt).toEqual(['admit'])
  expect([title(at), nextStep(at)]).toEqual(['Welcome', 'Scanned again: one person, counted once.'])
  // Triggers do not prolong it: a ticket that is handed on is refused.
  at.door.now_ms = 4_900
  at.desk.check(A, 'scanned', '')
  at.door.now_ms = 5_100
  at.desk.check(A, 'scanned', '')
  await answered()
  expect(title(at)).toBe('Already in')
})

test('a code that is typed again is asked about again', async () => {
  const at = openDoor()
  for (const _ of [1, 2]) {
    at.desk.check(A, 'typed', '')
    await answered()
  }
  expect(at.door.asked).toEqual([A, A])
  expect(title(at)).toBe('Already in')
})

test('a refused ticket that comes after another one sounds its refusal again', async () => {
  const at = openDoor()
  at.desk.check(A, 'scanned', '')
  await answered()
  at.door.now_ms = 6_000
  for (const code of [A, A, B, A]) {
    at.desk.check(code, 'scanned', '')
    await answered()
  }
  expect(at.door.asked).toEqual([A, A, B])
  expect(at.door.felt).toEqual(['admit', 'refuse', 'admit', 'refuse'])
})

test('a second ticket during the wait is not read, and both the wait and the answer say so', async () => {
  const at = openDoor()
  at.door.answers = Promise.withResolvers()
  at.desk.check(A, 'scanned', '')
  expect(at.door.mode).toEqual({ kind: 'asking', words: 'Checking …', missed: false })
  at.desk.check(B, 'scanned', '')
  expect(at.door.mode).toMatchObject({ kind: 'asking', missed: true })
  expect(at.door.felt).toEqual(['unsure'])
  await show(at, [C], 1_000)
  at.door.answers.resolve()
  await answered()
  expect(at.door.asked).toEqual([A])
  expect([title(at), nextStep(at)]).toEqual(['Welcome', 'Another ticket came too soon: scan that one again.'])
  at.desk.check(B, 'scanned', '')
  await answered()
  expect([title(at), nextStep(at)]).toEqual(['Welcome', null])
})

test('an answer that does not come in time is none, and the same ticket is then admitted, not refused', async () => {
  const at = openDoor()
  at.door.answers = Promise.withResolvers()
  at.desk.check(A, 'scanned', '')
  at.door.late.abort()
  await answered()
  expect(title(at)).toBe('No answer')
  expect(nextStep(at)).toMatch(/Scan the same ticket again/)
  // The server did let the guest in, and its answer was lost.
  at.door.answers.resolve()
  await answered()
  expect(title(at)).toBe('No answer')
  at.door.late = new AbortController()
  at.desk.check(A, 'scanned', '')
  await answered()
  expect(title(at)).toBe('Welcome')
})

test('before the camera, a ticket without an answer is asked about again after Next', async () => {
  const at = openDoor()
  at.door.answers = Promise.withResolvers()
  await show(at, [A], 500)
  at.door.late.abort()
  await show(at, [A], 10_000)
  expect(at.door.asked).toEqual([A])
  at.door.late = new AbortController()
  at.door.answers.resolve()
  at.desk.scanOn()
  await show(at, [A], 500)
  expect(at.door.asked).toEqual([A, A])
  expect(title(at)).toBe('Welcome')
})

test('an undo says what it undid; the ticket is not admitted again before it has left the picture', async () => {
  const at = openDoor()
  await show(at, [A], 500)
  await at.desk.undo()
  expect([title(at), lead(at)]).toEqual(['Taken back', A.slice(20, 30)])
  await show(at, [A], 10_000)
  at.desk.scanOn()
  await show(at, [A], 10_000)
  expect(at.door.asked).toEqual([A])
  await show(at, [], 1_000)
  await show(at, [A], 500)
  expect(title(at)).toBe('Welcome')
  expect(at.door.asked).toEqual([A, A])
})

test('a foreign code and a broken read are told apart', () => {
  const at = openDoor()
  at.desk.misread('4006381333931')
  expect(title(at)).toBe('Not ours')
  at.desk.misread(A.slice(0, 70).toLowerCase())
  expect(title(at)).toBe('Not read whole')
})
