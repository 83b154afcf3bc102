import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUYER, type Fixture, openFixture, RIVAL, STAFF } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

async function admitOne() {
  const [issued] = await fixture.issue(1)
  if (issued === undefined) throw new Error('no ticket was issued')
  const scan = () =>
    fixture.context.call('POST', '/api/v1/checkins', {
      as: STAFF,
      body: { code: issued.code, performance_id: fixture.on_sale.performance_id },
    })
  const { checkin_id } = (await scan()).body as { checkin_id: string }
  return { ...issued, scan, checkin_id }
}

const undo = (checkin_id: string, as = STAFF, key?: string) =>
  fixture.context.call('DELETE', `/api/v1/checkins/${checkin_id}`, {
    as,
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  })

test('an undone ticket can be used again; an admission is undone once', async () => {
  const { ticket, scan, checkin_id } = await admitOne()
  expect(await undo(checkin_id)).toMatchObject({
    status: 200,
    body: { checkin_id, result: 'undone', ticket: { id: ticket.ticket_id } },
  })
  expect((await undo(checkin_id)).status).toBe(409)
  expect((await scan()).status).toBe(200)
  expect((await undo(checkin_id)).status).toBe(409)
  expect((await scan()).status).toBe(409)
  const undone = (await fixture.context.published('checkin.undone')).filter((event) => event.key === ticket.ticket_id)
  expect(undone.map((event) => event.payload)).toEqual([
    { checkin_id, ticket_id: ticket.ticket_id, performance_id: ticket.performance_id },
  ])
})

test('a repeated key replays the undo', async () => {
  const { checkin_id } = await admitOne()
  const first = await undo(checkin_id, STAFF, 'undo-1')
  const again = await undo(checkin_id, STAFF, 'undo-1')
  expect([first.status, again.status]).toEqual([200, 200])
  expect(again.body).toEqual(first.body)
})

test('undoing needs the right to scan there', async () => {
  const { checkin_id } = await admitOne()
  expect((await undo(checkin_id, BUYER)).status).toBe(403)
  expect((await undo(checkin_id, RIVAL)).status).toBe(404)
  expect((await undo(newId('chk'))).status).toBe(404)
  expect((await undo('chk_nothing')).status).toBe(404)
})

test('the state of the doors has the counts and the latest admissions; its tag makes polling cheap', async () => {
  const on_sale = await fixture.play()
  const [one, two, three] = await fixture.issue(3, { on_sale })
  const state = (headers: Record<string, string> = {}, as = STAFF) =>
    fixture.context.call('GET', `/api/v1/performances/${on_sale.performance_id}/checkins`, { as, headers })
  expect((await state()).body).toEqual({ performance_id: on_sale.performance_id, admitted: 0, total: 3, recent: [] })
  const scan = (code = '') =>
    fixture.context.call('POST', '/api/v1/checkins', {
      as: STAFF,
      body: { code, performance_id: on_sale.performance_id, gate: 'North' },
    })
  const first = (await scan(one?.code)).body as { checkin_id: string }
  await scan(two?.code)
  await undo(first.checkin_id)
  const after = await state()
  expect(after.body).toMatchObject({
    admitted: 1,
    total: 3,
    recent: [
      { kind: 'undone', ticket_id: one?.ticket.ticket_id },
      {
        kind: 'admitted',
        ticket_id: two?.ticket.ticket_id,
        gate: 'North',
        holder: { first_name: 'Meera', last_name: 'Joshi' },
      },
      { kind: 'admitted', ticket_id: one?.ticket.ticket_id },
    ],
  })
  expect((await state({ 'if-none-match': after.headers.etag ?? '' })).status).toBe(304)
  await fixture.rpc.revoke({ booking_id: three?.ticket.booking_id ?? '', ticket_ids: [three?.ticket.ticket_id ?? ''] })
  expect((await state({ 'if-none-match': after.headers.etag ?? '' })).body).toMatchObject({ admitted: 1, total: 2 })
  expect((await state({}, RIVAL)).status).toBe(404)
  expect((await state({}, BUYER)).status).toBe(403)
})

test('a ticket that was admitted and then voided stays in the total: its holder is inside', async () => {
  const on_sale = await fixture.play()
  const booking_id = newId('bk')
  const tickets = await fixture.issue(3, { on_sale, booking_id })
  const state = async () =>
    (await fixture.context.call('GET', `/api/v1/performances/${on_sale.performance_id}/checkins`, { as: STAFF })).body
  const scanned = await fixture.context.call('POST', '/api/v1/checkins', {
    as: STAFF,
    body: { code: tickets[0]?.code, performance_id: on_sale.performance_id },
  })
  // The event is cancelled.
  const ticket_ids = tickets.map(({ ticket }) => ticket.ticket_id)
  await fixture.context.deliver('ticketing.tickets_voided', booking_id, { booking_id, ticket_ids })
  expect(await state()).toMatchObject({ admitted: 1, total: 1 })
  await undo((scanned.body as { checkin_id: string }).checkin_id)
  expect(await state()).toMatchObject({ admitted: 0, total: 0 })
})

test('revoking is all or none and idempotent; used returns the admitted tickets', async () => {
  const booking_id = newId('bk')
  const tickets = await fixture.issue(2, { booking_id })
  const ticket_ids = tickets.map(({ ticket }) => ticket.ticket_id)
  await fixture.context.call('POST', '/api/v1/checkins', {
    as: STAFF,
    body: { code: tickets[1]?.code, performance_id: fixture.on_sale.performance_id },
  })
  expect(await fixture.rpc.used({ ticket_ids })).toEqual([ticket_ids[1]])
  expect(await fixture.rpc.revoke({ booking_id, ticket_ids })).toEqual({
    kind: 'admitted',
    ticket_ids: [ticket_ids[1]],
  })
  const rows = await fixture.context.owner.query<{ revoked_at: string | null }>(
    'select revoked_at from checkin.tickets where booking_id = $1',
    [booking_id],
  )
  expect(rows.map((row) => row.revoked_at)).toEqual([null, null])

  const other = await fixture.issue(2)
  const otherIds = other.map(({ ticket }) => ticket.ticket_id)
  const again = { booking_id: other[0]?.ticket.booking_id ?? '', ticket_ids: otherIds }
  expect(await fixture.rpc.revoke(again)).toEqual({ kind: 'revoked' })
  expect(await fixture.rpc.revoke(again)).toEqual({ kind: 'revoked' })
})
