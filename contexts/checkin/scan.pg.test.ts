import { newId } from '@tessera/contracts/ids'
import { shortCodeOf } from '@tessera/contracts/short-code'
import { newCodeId } from '@tessera/contracts/ticket-code'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { BUYER, type Fixture, newKey, openFixture, RIVAL, STAFF } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

function scan(body: Record<string, unknown>, options: { as?: typeof STAFF; key?: string } = {}) {
  return fixture.context.call('POST', '/api/v1/checkins', {
    as: options.as ?? STAFF,
    body: { performance_id: fixture.on_sale.performance_id, ...body },
    ...(options.key === undefined ? {} : { headers: { 'idempotency-key': options.key } }),
  })
}

async function oneTicket(options?: Parameters<Fixture['issue']>[1]) {
  const [first] = await fixture.issue(1, options)
  if (first === undefined) throw new Error('no ticket was issued')
  return first
}

test('a valid ticket is admitted once; the second scan answers when and at which gate', async () => {
  const { ticket, code } = await oneTicket()
  const first = await scan({ code, gate: 'North' })
  expect(first).toMatchObject({
    status: 200,
    body: {
      checkin_id: expect.stringMatching(/^chk_/),
      result: 'admitted',
      gate: 'North',
      ticket: { id: ticket.ticket_id, booking_id: ticket.booking_id, tier: { name: 'Stalls' } },
      holder: { first_name: 'Meera', last_name: 'Joshi' },
      seat: { id: 'A-1', label: 'Stalls, row A, seat 1' },
    },
  })
  const second = await scan({ code, gate: 'South' })
  expect(second).toMatchObject({
    status: 409,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: {
      type: '/problems/already-used',
      result: 'already_used',
      first_admitted_at: (first.body as { admitted_at: string }).admitted_at,
      gate: 'North',
      admitted_by: 'Dora Staff',
      ticket: { id: ticket.ticket_id },
      holder: { first_name: 'Meera', last_name: 'Joshi' },
      seat: { id: 'A-1', label: 'Stalls, row A, seat 1' },
    },
  })
  const events = (await fixture.context.published('checkin.admitted')).filter((event) => event.key === ticket.ticket_id)
  expect(events).toHaveLength(1)
  expect(events[0]?.payload).toEqual({
    checkin_id: (first.body as { checkin_id: string }).checkin_id,
    ticket_id: ticket.ticket_id,
    performance_id: fixture.on_sale.performance_id,
    admitted_at: (first.body as { admitted_at: string }).admitted_at,
  })
})

test('scanning needs a token (401) and the role (403); another organization’s performance is 404, as an unknown one', async () => {
  const { code } = await oneTicket()
  expect(
    (
      await fixture.context.call('POST', '/api/v1/checkins', {
        body: { code, performance_id: fixture.on_sale.performance_id },
      })
    ).status,
  ).toBe(401)
  expect((await scan({ code }, { as: BUYER })).status).toBe(403)
  const foreign = await scan({ code }, { as: RIVAL })
  const absent = await scan({ code, performance_id: newId('perf') }, { as: RIVAL })
  expect([foreign.status, absent.status]).toEqual([404, 404])
  const shape = ({ body }: typeof foreign) => ({ ...(body as object), request_id: null })
  expect(shape(foreign)).toEqual(shape(absent))
  expect((await scan({ code, performance_id: 'perf_%00' })).status).toBe(404)
})

test('refusals come in order: unknown code, wrong performance, void, already used', async () => {
  const elsewhere = await fixture.play()
  const other = await oneTicket({ on_sale: elsewhere })
  const forged = fixture.codeFor(other.ticket, newKey('00000001'))
  const refusal = async (body: Record<string, unknown>) => {
    const { status, body: problem } = await scan(body)
    return [status, (problem as { result?: string }).result]
  }
  expect(await refusal({ code: forged })).toEqual([422, 'unknown_code'])
  expect(await refusal({ code: other.code })).toEqual([422, 'wrong_performance'])

  // Used and cancelled: validity is checked before use.
  const used = await oneTicket()
  expect(await refusal({ code: used.code })).toEqual([200, 'admitted'])
  await fixture.context.deliver('ticketing.tickets_voided', used.ticket.booking_id, {
    booking_id: used.ticket.booking_id,
    performance_id: used.ticket.performance_id,
    ticket_ids: [used.ticket.ticket_id],
  })
  expect(await refusal({ code: used.code })).toEqual([422, 'void'])
})

test('a code is read in any letter case, with surrounding blanks', async () => {
  const { code } = await oneTicket()
  expect(await scan({ code: ` \t${code.toLowerCase()}\r\n` })).toMatchObject({ status: 200 })
  expect(await scan({ code: `${code} ` })).toMatchObject({ status: 409 })
})

test('a short code is accepted in place of the square, in any spelling, and only where its ticket is valid', async () => {
  const typed = await oneTicket()
  const short_code = shortCodeOf(typed.ticket.code_id)
  expect(await scan({ code: ` ${short_code.toLowerCase().replace('-', ' ')} ` })).toMatchObject({
    status: 200,
    body: { ticket: { id: typed.ticket.ticket_id } },
  })
  expect(await scan({ code: typed.code })).toMatchObject({ status: 409 })
  const elsewhere = await oneTicket({ on_sale: await fixture.play() })
  expect(await scan({ code: shortCodeOf(elsewhere.ticket.code_id) })).toMatchObject({
    body: { result: 'wrong_performance' },
  })
  // Tickets of another organization are unknown here, and two tickets that share a short code cannot be told apart.
  const foreign = await oneTicket({ on_sale: await fixture.play('org_theirs') })
  expect(await scan({ code: shortCodeOf(foreign.ticket.code_id) })).toMatchObject({ body: { result: 'unknown_code' } })
  const twins = await fixture.issue(2, {
    code_ids: ['aaaaaaaa-aa00-4000-8000-000000000000', 'aaaaaaaa-aa00-4000-8000-000000000001'],
  })
  expect(await scan({ code: shortCodeOf(twins[0]?.ticket.code_id ?? '') })).toMatchObject({
    body: { result: 'unknown_code' },
  })
  expect(await scan({ code: twins[0]?.code })).toMatchObject({ status: 200 })
})

test('concurrent guesses of short codes are limited like consecutive ones; right ones are not counted', async () => {
  const { ticket } = await oneTicket()
  const as = asPrincipal('usr_parallel_guesser')
  const right = await Promise.all(Array.from({ length: 8 }, () => scan({ code: shortCodeOf(ticket.code_id) }, { as })))
  expect(right.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409])
  const guesses = await Promise.all(Array.from({ length: 40 }, () => scan({ code: shortCodeOf(newCodeId()) }, { as })))
  expect(guesses.filter(({ status }) => status === 422)).toHaveLength(10)
  expect(guesses.filter(({ status }) => status === 429)).toHaveLength(30)
})

test('a person who guesses short codes has to wait; squares are still read', async () => {
  const { code, ticket } = await oneTicket()
  const guesser = asPrincipal('usr_guesser')
  const guess = () => scan({ code: shortCodeOf(newCodeId()) }, { as: guesser })
  for (let tries = 0; tries < 10; tries++) expect((await guess()).status).toBe(422)
  const refused = await guess()
  expect(refused).toMatchObject({ status: 429, body: { type: '/problems/too-many-attempts' } })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await scan({ code: shortCodeOf(ticket.code_id) }, { as: guesser })).status).toBe(429)
  expect((await scan({ code }, { as: guesser })).status).toBe(200)
  const other = await oneTicket()
  expect((await scan({ code: shortCodeOf(other.ticket.code_id) })).status).toBe(200)
})

test('any text that is not one of our codes is unknown', async () => {
  const { ticket, code } = await oneTicket()
  const foreignKey = newKey('0000beef')
  const bodies = [
    '',
    'TSR1',
    'x'.repeat(4_296),
    `${code}A`,
    code.slice(0, -1),
    code.replace('TSR1', 'TSR0'),
    code.replaceAll('O', '0'),
    `${code.slice(0, 60)}\u0000${code.slice(61)}`,
    fixture.codeFor(ticket, foreignKey),
    fixture.codeFor({ ...ticket, code_id: newCodeId() }, newKey('00000001')),
  ].filter((candidate) => candidate !== code)
  for (const candidate of bodies) {
    expect(await scan({ code: candidate }), candidate).toMatchObject({ status: 422, body: { result: 'unknown_code' } })
  }
  // Signed by us, but never issued by ticketing.
  const unissued = fixture.codeFor({ ...ticket, code_id: newCodeId() })
  expect(await scan({ code: unissued })).toMatchObject({ status: 422, body: { result: 'unknown_code' } })
  expect((await scan({ code })).status).toBe(200)
})

test('a repeated Idempotency-Key gets its 200 again; another body under it is a mismatch; refusals bind nothing', async () => {
  const [first, second] = await fixture.issue(2)
  if (first === undefined || second === undefined) throw new Error('no tickets were issued')
  const won = await scan({ code: first.code }, { key: 'k1' })
  const again = await scan({ code: first.code }, { key: 'k1' })
  expect(again.status).toBe(200)
  expect(again.body).toEqual(won.body)
  expect(again.headers['idempotent-replayed']).toBe('true')
  expect((await scan({ code: second.code }, { key: 'k1' })).body).toMatchObject({
    type: '/problems/idempotency-mismatch',
    status: 422,
  })
  expect((await scan({ code: first.code }, { key: 'k2' })).status).toBe(409)
  expect((await scan({ code: second.code }, { key: 'k2' })).status).toBe(200)
  expect(
    await fixture.context.owner.query('select from checkin.admissions where idempotency_key is not null'),
  ).toHaveLength(2)
})

test('concurrent requests with one key are one admission with the same answer', async () => {
  const { code } = await oneTicket()
  const answers = await Promise.all(Array.from({ length: 20 }, () => scan({ code }, { key: 'burst' })))
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
  expect(new Set(answers.map((answer) => (answer.body as { checkin_id: string }).checkin_id)).size).toBe(1)
})

test('a ticket that arrives while its scan is decided is admitted, not called used', async () => {
  const { ticket, code } = await oneTicket({ deliver: false })
  const { owner } = fixture.context
  // Its event, as another transaction would commit it between the update and the answer of admit_scans.
  await owner.query(`
    create function checkin.arrive() returns trigger language plpgsql as $$
    begin
      insert into checkin.tickets (ticket_id, code_id, booking_id, performance_id, event_id, organization_id, seat_label, tier_id, tier_name)
      values ('${ticket.ticket_id}', '${ticket.code_id}', '${ticket.booking_id}', '${ticket.performance_id}', '${ticket.event_id}',
        '${ticket.organization_id}', '${ticket.seat_label}', 'tier_stalls', 'Stalls')
      on conflict do nothing;
      return null;
    end $$;
    create trigger arrive after insert on checkin.outbox for each statement execute function checkin.arrive()`)
  try {
    expect(await scan({ code })).toMatchObject({ status: 200, body: { result: 'admitted' } })
  } finally {
    await owner.query('drop trigger arrive on checkin.outbox; drop function checkin.arrive')
  }
  expect(await scan({ code })).toMatchObject({ status: 409, body: { result: 'already_used' } })
})

test('a ticket whose event has not arrived is fetched; while ticketing is unavailable the scan fails and admits nobody', async () => {
  const late = await oneTicket({ deliver: false })
  fixture.neighbours.down = true
  const away = await scan({ code: late.code })
  expect(away).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } })
  expect(away.headers['retry-after']).toBeDefined()
  fixture.neighbours.down = false
  expect((await scan({ code: late.code })).status).toBe(200)
  // The event arrives later and changes nothing.
  await fixture.context.deliver('ticketing.tickets_issued', late.ticket.booking_id, {
    booking_id: late.ticket.booking_id,
    performance_id: late.ticket.performance_id,
    tickets: [late.ticket],
  })
  expect((await scan({ code: late.code })).status).toBe(409)
})

test('a ticket that is void at ticketing, or was revoked before it was known, is void', async () => {
  const cancelled = await oneTicket({ deliver: false })
  fixture.neighbours.tickets.set(cancelled.ticket.code_id, { ...cancelled.ticket, status: 'void' })
  expect(await scan({ code: cancelled.code })).toMatchObject({ status: 422, body: { result: 'void' } })

  const revoked = await oneTicket({ deliver: false })
  const { booking_id, ticket_id } = revoked.ticket
  expect(await fixture.rpc.revoke({ booking_id, ticket_ids: [ticket_id] })).toEqual({ kind: 'revoked' })
  expect(await scan({ code: revoked.code })).toMatchObject({ status: 422, body: { result: 'void' } })
})

test('known tickets can be scanned while every other context is unavailable', async () => {
  const { code } = await oneTicket()
  fixture.neighbours.down = true
  expect((await scan({ code })).status).toBe(200)
  fixture.neighbours.down = false
})

test('a wrong device clock does no harm', async () => {
  const [ahead, ancient, odd] = await fixture.issue(3)
  expect((await scan({ code: ahead?.code, scanned_at: '2099-01-01T00:00:00Z', device_id: 'phone-1' })).status).toBe(200)
  expect((await scan({ code: ancient?.code, scanned_at: '0000-01-01T00:00:00Z' })).status).toBe(200)
  expect((await scan({ code: odd?.code, scanned_at: '2026-11-28T18:00:00+23:00' })).status).toBe(200)
  const rows = await fixture.context.owner.query('select from checkin.admissions where scanned_at > now()')
  expect(rows).toHaveLength(0)
  expect((await scan({ code: 'x', gate: 'a\u0000b' })).status).toBe(400)
})
