import { beforeAll, expect, test } from 'vitest'
import { productOfFile } from './product.ts'
import { buy, guest, hold, type Onsale, PASSWORD, putOnSale, register } from './theatre.ts'

/** Every consumer of the product takes all of its events again, and its tables end as they were. */
const product = await productOfFile()
const { client } = product
const { owner, relay, consumers } = product.product

/** Progress of deliveries and of jobs, which changes without any event: a reconciler moves its cursor every 15 seconds. */
const PASSING = ['outbox', 'inbox', 'inbox_generations', 'idempotency_keys', 'provider_cursors']

const schemaOf = (consumer: string): string => consumer.split('.', 1)[0] ?? ''

beforeAll(async () => {
  const onsale = await putOnSale(client)
  await sellAndCancel(onsale)
  await holdReleaseAndExpire(onsale)
  const fallen = await putOnSale(client, { organizer: onsale.organizer })
  const late = await register(client)
  await buy(client, late.token, fallen.performance_id, { seat_ids: ['A-1'] })
  await done('DELETE', `/events/${fallen.event_id}`, onsale.organizer.token)
  let last = ''
  const rests = async (): Promise<boolean> => {
    await product.product.jobs.runNow('booking.cancel-events', null)
    // Those are sent by a job of their own, and tell of themselves later.
    const pending = await owner.query(`select id from payment.refunds where status = 'pending'`)
    await product.settle()
    await product.product.jobs.runNow('booking.fold-sales-changes', null)
    await product.product.jobs.runNow('checkin.fold-counts', null)
    const now = JSON.stringify(await Promise.all([...new Set(consumers.map(schemaOf))].map(tablesOf)))
    const isSame = now === last && pending.length === 0
    last = now
    return isSame
  }
  let isResting = false
  while (!isResting) isResting = await rests()
}, 120_000)

/** Any 2xx will do. */
async function done(method: string, path: string, as: string, body?: object): Promise<void> {
  const { status, bytes } = await client.send(method, path, { as, ...(body === undefined ? {} : { body }) })
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${bytes}`)
}

async function sellAndCancel({ performance_id, standing, organizer, stalls }: Onsale): Promise<void> {
  const buyer = await register(client)
  await buy(client, buyer.token, performance_id, { seat_ids: ['A-1', 'A-2'] })
  await buy(client, buyer.token, performance_id, { items: [{ tier_id: standing, quantity: 3 }] })
  const given_up = await buy(client, buyer.token, performance_id, { seat_ids: ['A-3'] })
  await done('DELETE', `/bookings/${given_up.id}`, buyer.token)
  const as = organizer.token
  const blocks = `/performances/${performance_id}/blocks`
  await client.expect(201, 'POST', blocks, { as, body: { seat_ids: ['B-1', 'B-2'], reason: 'Camera' } })
  const block = { seat_ids: ['B-3'], reason: 'Light' }
  const { body } = await client.expect<{ id: string }>(201, 'POST', blocks, { as, body: block })
  await done('DELETE', `/blocks/${body.id}`, as)
  await done('PUT', `/tiers/${stalls}`, as, { name: 'Parterre' })
}

async function holdReleaseAndExpire({ performance_id, standing }: Onsale): Promise<void> {
  const visitor = await guest(client)
  const released = await hold(client, visitor.token, performance_id, { seat_ids: ['A-5', 'A-6'] })
  await done('DELETE', `/bookings/${released.booking_id}`, visitor.token)
  const items = [{ tier_id: standing, quantity: 2 }]
  const expired = await hold(client, visitor.token, performance_id, { seat_ids: ['A-7'] })
  const counted = await hold(client, visitor.token, performance_id, { items })
  for (const table of ['seat_claims', 'quota_holds'])
    await owner.query(`update booking.${table} set expires_at = now() where holder_id = any ($1)`, [
      [expired.booking_id, counted.booking_id],
    ])
  await owner.query('update booking.bookings set expires_at = now() where booking_id = any ($1)', [
    [expired.booking_id, counted.booking_id],
  ])
  await product.product.jobs.runNow('booking.announce-expired', null)
  await hold(client, visitor.token, performance_id, { seat_ids: ['A-7', 'A-8'] })
  const account = {
    email: `${crypto.randomUUID()}@example.test`,
    password: PASSWORD,
    first_name: 'Ada',
    last_name: 'L',
  }
  await done('POST', '/auth/register', visitor.token, account)
}

/** Every row of every table of a schema, and how much it has published. */
async function tablesOf(schema: string): Promise<Record<string, string[]>> {
  const tables = await owner.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = $1 and table_type = 'BASE TABLE' and table_name <> all ($2) order by 1`,
    [schema, PASSING],
  )
  const rows: Record<string, string[]> = {}
  for (const { name } of tables) {
    const found = await owner.query<{ row: string }>(`select t::text as row from ${schema}.${name} t order by 1`)
    rows[name] = found.map(({ row }) => row)
  }
  const published = await owner.query<{ row: string }>(`select event_id::text as row from ${schema}.outbox order by id`)
  return { ...rows, published: published.map(({ row }) => row) }
}

async function taken(consumer: string): Promise<number> {
  const [row] = await owner.query<{ count: number }>(
    `select count(*)::int as count from ${schemaOf(consumer)}.inbox where consumer = $1`,
    [consumer],
  )
  return row?.count ?? 0
}

test('there is something to replay for every consumer', async () => {
  expect(consumers.length).toBeGreaterThan(7)
  for (const consumer of consumers) expect([consumer, (await taken(consumer)) > 0]).toEqual([consumer, true])
})

test.each(consumers)('%s, replayed from the start, ends with the same tables', async (consumer) => {
  const schema = schemaOf(consumer)
  const before = await tablesOf(schema)
  const events = await taken(consumer)
  await relay.replay(owner, consumer)
  await relay.settle()
  expect(await taken(consumer)).toBe(events)
  expect(await tablesOf(schema)).toEqual(before)
  expect(await product.violations()).toEqual([])
})

test('negative control: without its reset the projector counts twice, and the invariant I21 sees it', async () => {
  const before = await tablesOf('realtime')
  await owner.query(`delete from realtime.inbox where consumer = 'realtime.project'`)
  await owner.query(`delete from platform.bus_cursors where consumer = 'realtime.project'`)
  await relay.settle()
  expect(await tablesOf('realtime')).not.toEqual(before)
  expect((await product.violations()).map(({ id }) => id)).toEqual(['I21'])
  await relay.replay(owner, 'realtime.project')
  await relay.settle()
  expect(await tablesOf('realtime')).toEqual(before)
})
