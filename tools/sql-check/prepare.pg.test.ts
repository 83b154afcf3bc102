import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseSql } from '#platform/db'
import { createTestDatabase, type TestDatabase } from '#platform/testing'
import { productSchemas } from '../../apps/server/compose.ts'
import { complaintOf } from './prepare.ts'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase(await productSchemas())
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await database[Symbol.asyncDispose]()
})

const BOOKING = { role: 'tessera_booking', search_path: 'booking' }

async function complaint(block: string): Promise<string | null> {
  const statement = parseSql(`-- @name planted\n${block}`, 'planted.sql').get('planted')
  if (statement === undefined) throw new Error('the block was not found')
  return complaintOf(client, statement, BOOKING)
}

test('a block that fits the schema passes', async () => {
  expect(await complaint('select booking_id from bookings where booking_id = :booking_id')).toBeNull()
  expect(await complaint('lock table bookings in share mode')).toBeNull()
})

test.each([
  ['a column', 'select no_such_column from bookings', 'column "no_such_column" does not exist'],
  ['a table', 'select 1 from no_such_table', 'relation "no_such_table" does not exist'],
  ['a function', 'select no_such_function(:a::int)', 'function no_such_function(integer) does not exist'],
  ['a type', 'select :a::no_such_type', 'type "no_such_type" does not exist'],
  [
    'a literal of another type',
    "select booking_id from bookings where expires_at = 'yesterday evening'",
    'invalid input syntax',
  ],
  ['another context', 'select id from catalog.events', 'permission denied for schema catalog'],
  ['grammar', 'select booking_id form bookings', 'syntax error'],
])('%s that is not there is found', async (_what, block, words) => {
  expect(await complaint(block)).toContain(words)
})
