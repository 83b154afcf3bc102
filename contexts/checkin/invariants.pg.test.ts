import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { violationsEitherWay } from '#platform/testing'
import { type Fixture, openFixture } from './fixture.ts'
import { invariants } from './invariants.ts'

let fixture: Fixture
let ticket_id: string
beforeAll(async () => {
  fixture = await openFixture()
})
beforeEach(async () => {
  await fixture.context.owner.query('truncate checkin.admissions')
  await fixture.context.owner.query('truncate checkin.tickets, checkin.door_counts, checkin.door_count_changes')
  const [issued] = await fixture.issue(1)
  ticket_id = issued?.ticket.ticket_id ?? ''
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

/** The invariants that are violated, in slices as whole. */
const firing = async (): Promise<string[]> =>
  Object.keys(await violationsEitherWay(fixture.context.auditor, invariants))

function log(checkin_id: string, kind: string, options: { at?: string; performance_id?: string } = {}) {
  return fixture.context.owner.query(
    `insert into checkin.admissions (checkin_id, kind, ticket_id, performance_id, at, staff_user_id) values ($1, $2, $3, $4, ${options.at ?? 'now()'}, 'usr')`,
    [checkin_id, kind, ticket_id, options.performance_id ?? fixture.on_sale.performance_id],
  )
}

function state(set: string) {
  return fixture.context.owner.query(`update checkin.tickets set ${set} where ticket_id = $1`, [ticket_id])
}

test('no invariant fires when a ticket is admitted, undone and admitted again', async () => {
  await log('chk_1', 'admitted')
  await log('chk_1', 'undone')
  await log('chk_2', 'admitted')
  await state(`admitted_at = now(), checkin_id = 'chk_2'`)
  expect(await firing()).toEqual([])
})

test('I22: admitted twice', async () => {
  await log('chk_1', 'admitted')
  await log('chk_2', 'admitted')
  await state(`admitted_at = now(), checkin_id = 'chk_2'`)
  expect(await firing()).toEqual(['I22'])
})

test('I22: undone before it was admitted', async () => {
  await log('chk_1', 'undone')
  expect(await firing()).toEqual(['I22'])
})

test('I22-state: used without a log, logged without being used, used by another admission', async () => {
  await state(`admitted_at = now(), checkin_id = 'chk_1'`)
  expect(await firing()).toEqual(['I22-state'])
  await log('chk_2', 'admitted')
  expect(await firing()).toEqual(['I22-state'])
  await state('admitted_at = null, checkin_id = null')
  expect(await firing()).toEqual(['I22-state'])
})

test('I23: admitted after the ticket was revoked', async () => {
  await log('chk_1', 'admitted')
  await state(`admitted_at = now(), checkin_id = 'chk_1', revoked_at = now() - interval '1 minute'`)
  expect(await firing()).toEqual(['I23'])
})

test('I29: an admission at a performance that the ticket is not for, or of no ticket', async () => {
  await log('chk_1', 'admitted', { performance_id: 'perf_elsewhere' })
  await state(`admitted_at = now(), checkin_id = 'chk_1'`)
  expect(await firing()).toEqual(['I29-checkin'])
})

test('I32: an admission dated in the future', async () => {
  await log('chk_1', 'admitted', { at: `now() + interval '1 minute'` })
  await state(`admitted_at = now(), checkin_id = 'chk_1'`)
  expect(await firing()).toEqual(['I32-checkin'])
})

test('I22-state: a ticket of no performance counts as used', async () => {
  await fixture.context.owner.query(
    `insert into checkin.tickets (ticket_id, booking_id, revoked_at, admitted_at, checkin_id) values ('~', 'bk', now(), now(), 'chk')`,
  )
  expect(await firing()).toEqual(['I22-state'])
})

test('I22, I29: admitted at two performances, or undone at another than where it was admitted', async () => {
  await log('chk_1', 'admitted')
  await log('chk_2', 'admitted', { performance_id: 'perf_elsewhere' })
  await state(`admitted_at = now(), checkin_id = 'chk_2'`)
  expect(await firing()).toEqual(['I22-state', 'I29-checkin'])
  await fixture.context.owner.query(`update checkin.admissions set kind = 'undone' where checkin_id = 'chk_2'`)
  await state('admitted_at = null, checkin_id = null')
  expect(await firing()).toEqual(['I22', 'I22-state', 'I29-checkin'])
})

test('I29: an admission of no ticket', async () => {
  await log('chk_1', 'admitted')
  await fixture.context.owner.query(`update checkin.admissions set ticket_id = 'tkt_none'`)
  expect(await firing()).toEqual(['I29-checkin'])
})

test('I3: counts of a performance without tickets, and tickets without counts', async () => {
  await fixture.context.owner.query(`insert into checkin.door_counts values ('perf_0', 0, 1), ('perf_~', 0, 1)`)
  expect(await firing()).toEqual(['I3-door'])
  await fixture.context.owner.query('truncate checkin.door_counts, checkin.door_count_changes')
  expect(await firing()).toEqual(['I3-door'])
})

test('I3: counts that are not those of the tickets', async () => {
  await fixture.context.owner.query('update checkin.door_count_changes set admitted = admitted + 1')
  expect(await firing()).toEqual(['I3-door'])
})

test('the role of the context cannot rewrite its log', async () => {
  await log('chk_1', 'admitted')
  await expect(fixture.context.db.query(`update admissions set gate = 'x'`)).rejects.toThrow(/permission denied/)
  await expect(fixture.context.db.query('delete from admissions')).rejects.toThrow(/permission denied/)
})
