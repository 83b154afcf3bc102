import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Queryable } from '#platform/db'
import { violationsEitherWay } from '#platform/testing'
import { ben, type Fixture, openFixture, publishedEvent } from './fixture.ts'
import { invariants } from './invariants.ts'

let catalog: Fixture
let sold: Awaited<ReturnType<typeof publishedEvent>>
let bens: Awaited<ReturnType<typeof publishedEvent>>
beforeAll(async () => {
  catalog = await openFixture()
  sold = await publishedEvent(catalog)
  bens = await publishedEvent(catalog, { as: ben })
})
afterAll(() => catalog[Symbol.asyncDispose]())

/** The invariants that are violated, in slices as whole. */
const violated = async (db: Queryable): Promise<string[]> => Object.keys(await violationsEitherWay(db, invariants))

/** Plants rows that our code cannot write, with keys and checks disabled; runs the invariants; rolls back. */
async function planted(text: string, values: readonly unknown[]): Promise<string[]> {
  const looked: string[][] = []
  const undo = new Error('taken back')
  const work = catalog.owner.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    await tx.query('set local search_path = catalog')
    await tx.query(text, values)
    looked.push(await violated(tx))
    throw undo
  })
  await expect(work).rejects.toBe(undo)
  return looked.flat()
}

test('the auditor may run all of them, and a valid catalog violates none', async () => {
  expect(await violated(catalog.auditor)).toEqual([])
})

test('each planted violation is detected by its invariant', async () => {
  const { event, performance, tiers, chart, venue } = sold
  const tier = tiers[0]?.id
  const other = bens.event.organization_id
  expect(await planted('update tiers set organization_id = $1 where id = $2', [other, tier])).toEqual(['I29'])
  expect(await planted('update performances set organization_id = $1 where id = $2', [other, performance.id])).toEqual([
    'I29',
  ])
  expect(await planted('update events set organization_id = $1 where id = $2', [other, event.id])).toEqual(['I29'])
  expect(await planted('update charts set organization_id = $1 where id = $2', [other, chart.id])).toEqual(['I29'])
  expect(await planted('update performances set chart_id = $1 where id = $2', [bens.chart.id, performance.id])).toEqual(
    ['I29'],
  )
  expect(await planted('delete from venues where id = $1', [venue.id])).toEqual(['catalog-1'])
  expect(
    await planted('update performances set event_id = $1 where id = $2', [newId('evt'), performance.id]),
  ).toContain('catalog-1')
  expect(await planted(`update tiers set currency = 'USD' where id = $1`, [tier])).toEqual(['catalog-2'])
  expect(await planted(`update tiers set categories = '{Parquet}' where id = $1`, [tier])).toEqual(['catalog-3'])
  expect(await planted('update performances set chart_id = null where id = $1', [performance.id])).toEqual([
    'catalog-3',
  ])
  expect(await planted('delete from tiers where id = $1', [tier])).toEqual(['catalog-4'])
  expect(await planted(`update performances set status = 'draft' where id = $1`, [performance.id])).toEqual([
    'catalog-4',
  ])
  expect(
    await planted(`update events set status = 'cancelled', cancelled_at = now() where id = $1`, [event.id]),
  ).toEqual(['catalog-5'])
  expect(
    await planted(`update performances set announced_at = now() - interval '1 day' where id = $1`, [performance.id]),
  ).toEqual(['catalog-6'])
  expect(await planted(`update events set created_at = now() + interval '1 day' where id = $1`, [event.id])).toEqual([
    'catalog-7',
  ])
})

test('every invariant has a planted violation above', () => {
  expect(invariants.map((one) => one.id)).toEqual(['I29', ...Array.from({ length: 7 }, (_, n) => `catalog-${n + 1}`)])
})
