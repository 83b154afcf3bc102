import type { PerformancePublished } from '@tessera/contracts/events/catalog'
import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asPrincipal } from '#platform/testing'
import { releaseDueBlocks, unblock } from './block.ts'
import { type Fixture, hall, holdAs, openFixture, performance, tier } from './fixture.ts'

let fixture: Fixture
/** The tiers and chart in catalog, published or not. */
const drafts = new Map<string, PerformancePublished>()

beforeAll(async () => {
  const charts = { cht_hall: hall(10, 20), cht_small: hall(1, 4) }
  fixture = await openFixture({
    charts,
    rpc: {
      catalog: {
        event: async () => null,
        chart: async ({ chart_id }) => charts[chart_id as keyof typeof charts] ?? null,
        performance: async ({ performance_id }) => {
          const facts = drafts.get(performance_id)
          return facts === undefined ? null : { ...facts, status: 'draft' }
        },
        tiers: async ({ performance_id }) => drafts.get(performance_id)?.tiers ?? [],
      },
    },
  })
})
afterAll(() => fixture[Symbol.asyncDispose]())

const organizer = asPrincipal(newId('usr'), ['admin'])

function draft(over: Partial<PerformancePublished> = {}): PerformancePublished {
  const facts = performance(over)
  drafts.set(facts.performance_id, facts)
  return facts
}

const blockAs = (performance_id: string, body: object) =>
  fixture.call('POST', `/api/v1/performances/${performance_id}/blocks`, {
    as: organizer,
    body: { reason: 'Camera', ...body },
  })

async function statesOf(performance_id: string): Promise<object[]> {
  const { status, body } = await fixture.call('GET', `/api/v1/performances/${performance_id}/blocks`, { as: organizer })
  expect(status).toBe(200)
  return (body as { items: { id: string; state: string; unavailable: string[] }[] }).items.map(
    ({ state, unavailable }) => ({ state, unavailable }),
  )
}

test('two blocks of one draft that name one seat: the second is refused with it, also when both come at once', async () => {
  const { performance_id } = draft()
  const first = await blockAs(performance_id, { seat_ids: ['A-1', 'A-2'] })
  expect(first.status).toBe(201)
  expect(first.body).toMatchObject({ state: 'noted', unavailable: [] })
  const second = await blockAs(performance_id, { seat_ids: ['A-2', 'A-3'] })
  expect(second.status).toBe(409)
  expect(second.body).toMatchObject({ unavailable: ['A-2'] })
  const atOnce = await Promise.all(Array.from({ length: 6 }, () => blockAs(performance_id, { seat_ids: ['B-1'] })))
  expect(atOnce.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409])
})

test('a block invalidates the cached claims of its own performance only', async () => {
  const rush = await fixture.open(performance())
  await holdAs(fixture, { performance_id: rush.performance_id, seat_ids: ['A-1'] })
  const sale = await fixture.deps.on_sale.load(rush.performance_id)
  if (sale === undefined) throw new Error('not open')
  const { performance_no, seat_count } = sale
  await fixture.deps.availability.refresh(performance_no, seat_count)
  const own = draft()
  await fixture.open(own)
  expect((await blockAs(own.performance_id, { seat_ids: ['A-1'] })).status).toBe(201)
  expect(fixture.deps.availability.surelyTaken(performance_no, seat_count, [0])).toEqual([0])
})

test('the noted blocks of a draft together never exceed their tier', async () => {
  const standing = tier({ categories: null, quantity: 10, name: 'Standing' })
  const { performance_id } = draft({ tiers: [standing] })
  expect((await blockAs(performance_id, { tier_id: standing.tier_id, quantity: 7 })).status).toBe(201)
  const second = await blockAs(performance_id, { tier_id: standing.tier_id, quantity: 4 })
  expect([second.status, second.body]).toEqual([409, expect.objectContaining({ unavailable: [standing.tier_id] })])
  expect((await blockAs(performance_id, { tier_id: standing.tier_id, quantity: 3 })).status).toBe(201)
})

test('opening applies what it can, records the rest as refused, and retries it at the next publication', async () => {
  const standing = tier({ categories: null, quantity: 10, name: 'Standing' })
  const facts = draft({ tiers: [tier(), standing] })
  const { performance_id } = facts
  await blockAs(performance_id, { seat_ids: ['A-1'] })
  await blockAs(performance_id, { seat_ids: ['A-4', 'J-20'] })
  await blockAs(performance_id, { tier_id: standing.tier_id, quantity: 9 })
  // The chart and the tier changed after the blocks.
  const changed = { ...facts, chart_id: 'cht_small', tiers: [tier(), { ...standing, quantity: 5 }] }
  await fixture.open(changed)
  expect(await statesOf(performance_id)).toEqual([
    { state: 'active', unavailable: [] },
    { state: 'refused', unavailable: ['J-20'] },
    { state: 'refused', unavailable: [standing.tier_id] },
  ])
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-1'] })).status).toBe(409)
  expect((await holdAs(fixture, { performance_id, seat_ids: ['A-4'] })).status).toBe(201)
  await fixture.open({ ...changed, revision: 2, tiers: [tier(), { ...standing, quantity: 12 }] })
  expect(await statesOf(performance_id)).toEqual([
    { state: 'active', unavailable: [] },
    { state: 'refused', unavailable: ['J-20'] },
    { state: 'active', unavailable: [] },
  ])
})

test('overlapping noted blocks (written by an earlier version) do not stop the opening', async () => {
  const facts = draft()
  await fixture.owner.query(
    `insert into booking.blocks (block_id, performance_id, organization_id, event_id, seat_ids, reason, created_by, created_at)
     select 'blk_old' || n, $1, $2, $3, '{A-1}', 'old', 'test', now() + n * interval '1 ms' from generate_series(1, 2) n`,
    [facts.performance_id, facts.organization_id, facts.event_id],
  )
  await fixture.open(facts)
  expect(await statesOf(facts.performance_id)).toEqual([
    { state: 'active', unavailable: [] },
    { state: 'refused', unavailable: ['A-1'] },
  ])
  expect((await fixture.published('booking.performance_opened')).map((event) => event.key)).toContain(
    facts.performance_id,
  )
})

test('a block placed while its performance opens is applied, in either order', async () => {
  for (let i = 0; i < 10; i++) {
    const facts = draft()
    const [answer] = await Promise.all([blockAs(facts.performance_id, { seat_ids: ['A-1'] }), fixture.open(facts)])
    expect(answer.status).toBe(201)
    expect(await statesOf(facts.performance_id)).toEqual([{ state: 'active', unavailable: [] }])
  }
})

test('a block removed many times at once is given back once', async () => {
  const standing = tier({ categories: null, quantity: 10, name: 'Standing' })
  const facts = draft({ tiers: [standing], chart_id: null })
  await fixture.open(facts)
  const answer = await blockAs(facts.performance_id, { tier_id: standing.tier_id, quantity: 4 })
  const { id } = answer.body as { id: string }
  await Promise.all(Array.from({ length: 8 }, () => fixture.db.transaction((tx) => unblock(tx, id))))
  const announced = (await fixture.published('booking.seats_unblocked')).filter(
    (event) => event.key === facts.performance_id,
  )
  expect(announced).toHaveLength(1)
  const [counter] = await fixture.owner.query<{ blocked: number }>(
    'select blocked from booking.quotas c join booking.tiers t using (tier_no) where t.tier_id = $1',
    [standing.tier_id],
  )
  expect(counter).toEqual({ blocked: 0 })
})

test('a block ends at its release time, once, and a noted one is forgotten then', async () => {
  const facts = draft()
  const release_at = new Date(Date.now() + 3_600_000).toISOString()
  const noted = draft()
  await blockAs(noted.performance_id, { seat_ids: ['A-1'], release_at })
  await fixture.open(facts)
  await blockAs(facts.performance_id, { seat_ids: ['A-1'], release_at })
  const as_of = new Date(Date.now() + 7_200_000).toISOString()
  const freed = await Promise.all([releaseDueBlocks(fixture.db, as_of), releaseDueBlocks(fixture.db, as_of)])
  expect(freed.flat().map((block) => block.freed)).toEqual([[0]])
  expect(await statesOf(facts.performance_id)).toEqual([])
  expect(await statesOf(noted.performance_id)).toEqual([])
})
