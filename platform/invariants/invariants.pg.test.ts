import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Db, openDb, type Statement } from '#platform/db'
import { createTestDatabase, violationsEitherWay, violationsOf } from '#platform/testing'
import { checkInvariant, type Invariant, nextSlice, slicesOf } from './invariants.ts'

let db: Db
let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeAll(async () => {
  database = await createTestDatabase([])
  db = openDb({ url: database.url })
  await db.query('create table orders (id text primary key, total int not null)')
  await db.query('create table lines (order_id text not null, amount int not null)')
  await db.query('create index on lines (order_id)')
})
beforeEach(async () => {
  await db.query('truncate orders, lines')
  await db.query(`insert into orders select 'b' || n, 2 from generate_series(1, 5) n`)
  await db.query(`insert into lines select 'b' || n, 1 from generate_series(1, 5) n, generate_series(1, 2)`)
})
afterAll(async () => {
  await db.close()
  await database[Symbol.asyncDispose]()
})

const statement = (name: string, text: string, params: readonly string[] = []): Statement => ({ name, text, params })

const EITHER_SIDE = statement('either_side', 'select id as key from orders union all select order_id from lines')
const ONE_SIDE = statement('one_side', 'select id as key from orders')

/** An order's total is the sum of its lines; rows without the other side count as zero. */
const totals = (keys: Statement): Invariant => ({
  id: 'totals',
  title: 'Totals',
  keys,
  statement: statement(
    `totals_by_${keys.name}`,
    `select id, sum(amount)::int as difference from (
      select id, total as amount from orders where id between $1 and $2
      union all select order_id, -amount from lines where order_id between $1 and $2) part
    group by id having sum(amount) <> 0`,
    ['from', 'to'],
  ),
})

async function slices(keys: Statement, rows: number): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const slice of slicesOf(db, totals(keys), rows)) found.push(slice)
  return found
}

test('slices hold at most so many rows of keys and one key whole, leave nothing out and do not overlap', async () => {
  expect(await slices(ONE_SIDE, 2)).toEqual([
    { from: 'b1', to: 'b2' },
    { from: 'b3', to: 'b4' },
    { from: 'b5', to: 'b5' },
  ])
  expect(await slices(EITHER_SIDE, 4)).toEqual([
    { from: 'b1', to: 'b2' },
    { from: 'b3', to: 'b4' },
    { from: 'b5', to: 'b5' },
  ])
  expect(await slices(ONE_SIDE, 100)).toEqual([{ from: 'b1', to: 'b5' }])
  await db.query('truncate orders, lines')
  expect(await slices(EITHER_SIDE, 2)).toEqual([])
  expect(await nextSlice(db, EITHER_SIDE, 'b3')).toBeUndefined()
  expect(await checkInvariant(db, totals(EITHER_SIDE))).toBe(0)
})

const PLACES: readonly string[] = ['', 'a', 'b1', 'b2', 'b2x', 'b3', 'b5', 'b6', 'é', '~', '\u{10ffff}']

test.each(PLACES)('a row without the other side, and one that differs, is found wherever it is: %j', async (id) => {
  await db.query('delete from orders where id = $1', [id])
  await db.query('insert into lines values ($1, 7)', [id])
  const orphans = await violationsEitherWay(db, [totals(EITHER_SIDE)])
  expect(orphans['totals']).toMatchObject([{ id }])
  await db.query('insert into orders values ($1, 1)', [id])
  expect((await violationsEitherWay(db, [totals(EITHER_SIDE)]))['totals']).toMatchObject([{ id }])
})

test('negative control: with the keys of one side only, rows of the other are lost, and the comparison says so', async () => {
  await db.query(`insert into lines values ('b6', 7)`)
  expect(await violationsOf(db, [totals(ONE_SIDE)], 2)).toEqual({})
  await expect(violationsEitherWay(db, [totals(ONE_SIDE)])).rejects.toThrow('In slices of 1: {}; whole: {"totals"')
})

test('negative control: a statement that compares across slices finds what is none, and the comparison says so', async () => {
  const across: Invariant = {
    ...totals(EITHER_SIDE),
    statement: statement('across', 'select count(*) from orders where id between $1 and $2 having count(*) < 5', [
      'from',
      'to',
    ]),
  }
  await expect(violationsEitherWay(db, [across])).rejects.toThrow('In slices of 1')
})

test('a million violations are counted where they are; the rows stay in the database', async () => {
  const before = process.memoryUsage().heapUsed
  const everywhere = statement('everywhere', `select n, repeat('x', 100) as text from generate_series(1, 1000000) n`)
  expect(await checkInvariant(db, { id: 'X', title: 'X', statement: everywhere })).toBe(1_000_000)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000)
})
