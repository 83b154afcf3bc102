import { shortCodeOf } from '@tessera/contracts/short-code'
import { newCodeId, ticketCode, ticketCodeBody } from '@tessera/contracts/ticket-code'
import { expect, test } from 'vitest'
import { Problem } from '../../api/problem.ts'
import { admitted, firstLook, misread, notUndone, refused, scannedAgain, undone, withMissed } from './answer.ts'

const NOW = Date.parse('2026-11-28T12:05:00.000Z')

const meera = admitted({
  checkin_id: 'chk_a',
  result: 'admitted',
  admitted_at: '2026-11-28T12:05:00.000Z',
  gate: 'Gate A',
  ticket: { id: 'tkt_a', booking_id: 'bk_a', performance_id: 'perf_a', tier: { id: 'tier_a', name: 'Adult' } },
  holder: { first_name: 'Meera', last_name: 'Joshi' },
  seat: { id: 'F-12', label: 'Stalls, row F, seat 12' },
})

test('a guest is greeted with seat, name and tariff', () => {
  expect(meera).toMatchObject({
    tone: 'admit',
    lead: 'Stalls, row F, seat 12',
    detail: 'Meera Joshi · Adult',
    checkin_id: 'chk_a',
  })
})

test('a used ticket says when, where, by whom and whose it is, in the time of the venue', () => {
  const problem = new Problem('already-used', 409, {
    first_admitted_at: '2026-11-28T11:51:00.000Z',
    gate: 'Gate B',
    admitted_by: 'Dora Staff',
    holder: { first_name: 'Meera', last_name: 'Joshi' },
    seat: { id: 'F-12', label: 'Stalls, row F, seat 12' },
  })
  expect(refused(problem, 'Asia/Kolkata', NOW)).toMatchObject({
    tone: 'refuse',
    title: 'Already in',
    lead: '17:21 at Gate B, 14 minutes ago, by Dora Staff',
    detail: 'Meera Joshi · Stalls, row F, seat 12',
  })
})

test('each refusal has a title of its own and a next step', () => {
  const titles = (['already-used', 'wrong-performance', 'void-ticket', 'unknown-code'] as const).map((slug) => {
    const answer = refused(new Problem(slug, 422), 'UTC', NOW)
    expect(answer.next_step).not.toBeNull()
    return answer.title
  })
  expect(new Set(titles).size).toBe(4)
})

test('no answer is neither yes nor no', () => {
  expect(refused(new Problem('unreachable', 0), 'UTC', NOW)).toMatchObject({ tone: 'unsure', title: 'No answer' })
})

test('who is signed out, or may not check here, is not told to scan again and again', () => {
  const out = refused(new Problem('unauthenticated', 401), 'UTC', NOW)
  expect(out).toMatchObject({ tone: 'unsure', title: 'Signed out', signed_out: true })
  const taken = refused(new Problem('forbidden', 403), 'UTC', NOW)
  expect(taken).toMatchObject({ tone: 'unsure', title: 'Not your door' })
  expect(taken.signed_out).toBeUndefined()
})

test('an admission that could not be taken back stays on the screen, to try again', () => {
  const answer = notUndone(meera, new Problem('unreachable', 0))
  expect(answer).toMatchObject({ tone: 'unsure', title: 'Still in', lead: meera.lead, checkin_id: 'chk_a' })
})

test('an admission taken back before is what was asked for', () => {
  expect(notUndone(meera, new Problem('conflict', 409))).toEqual(undone(meera))
})

test('an undo says whose admission was taken back, and offers no second one', () => {
  expect(undone(meera)).toMatchObject({
    tone: 'undone',
    title: 'Taken back',
    lead: 'Stalls, row F, seat 12',
    detail: 'Meera Joshi · Adult',
    checkin_id: null,
  })
})

test('a ticket scanned again keeps its answer and says that it counts once', () => {
  expect(scannedAgain(meera)).toEqual({ ...meera, next_step: 'Scanned again: one person, counted once.' })
  const used = refused(new Problem('already-used', 409), 'UTC', NOW)
  expect(scannedAgain(used)).toEqual(used)
})

test('a ticket that came too soon is told of with the answer, whatever else is to do', () => {
  expect(withMissed(meera).next_step).toBe('Another ticket came too soon: scan that one again.')
  const used = refused(new Problem('already-used', 409), 'UTC', NOW)
  expect(withMissed(used).next_step).toMatch(/supervisor\. Another ticket came too soon/)
})

test('only what has the whole shape of a code is asked about; a broken read is no refusal', () => {
  const code_id = newCodeId()
  const body = ticketCodeBody({ key_id: '0a1b2c3d', code_id, performance_id: 'perf_a' })
  const signed = ticketCode(body, new Uint8Array(64).fill(7))
  const short = shortCodeOf(code_id)
  for (const way of ['camera', 'scanned', 'typed'] as const)
    for (const sent of [signed, signed.toLowerCase(), ` ${signed}`, `${signed} `])
      expect(firstLook(sent, way)).toBeNull()
  for (const way of ['scanned', 'typed'] as const)
    for (const part of [signed.slice(0, 80), signed.slice(80), signed.slice(0, -1), signed.slice(0, 80).toLowerCase()])
      expect(firstLook(part, way)).toMatchObject({
        tone: 'unsure',
        title: expect.stringMatching(/^Not (read|typed) whole$/),
      })
  expect(firstLook(short, 'typed')).toBeNull()
  expect(firstLook(short.slice(0, -1), 'typed')).toMatchObject({ tone: 'unsure', title: 'Not typed whole' })
})

test('a QR code that holds a short code is refused; of another one the server says what it is', () => {
  for (const way of ['camera', 'scanned'] as const)
    expect(firstLook(shortCodeOf(newCodeId()), way)).toMatchObject({ tone: 'refuse', title: 'Not ours' })
  expect(firstLook('https://example.org/', 'camera')).toBeNull()
})

test('a foreign code from a hand scanner gets the words that the camera has for one', () => {
  const by_camera = refused(new Problem('unknown-code', 422), 'UTC', NOW)
  for (const text of ['4006381333931', 'https://example.org/ticket', 'WIFI:S:Hall;T:WPA;P:secret;;', '12345671'])
    expect(misread(text, 'scanned'), text).toEqual(by_camera)
})
