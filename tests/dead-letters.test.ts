import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { openProduct } from './product.ts'
import { admin, type Onsale, putOnSale } from './theatre.ts'

/** What an admin does about events that a consumer could not take, over the API and on the command line. */
const product = await openProduct()
const { client } = product
const { owner, people } = product.product
const PATH = '/admin/dead-letters'

let as: string
let onsale: Onsale
beforeAll(async () => {
  onsale = await putOnSale(client)
  as = (await admin(client, people)).token
  await product.settle()
  return () => product[Symbol.asyncDispose]()
})

type Letters = {
  items: { id: string; consumer: string; topic: string; key: string; error: string }[]
  next_cursor: string | null
}

const letters = async (query = ''): Promise<Letters> =>
  (await client.expect<Letters>(200, 'GET', `${PATH}${query}`, { as })).body

/** As if the realtime consumer had given up the publication, with this payload in place of the real one. */
async function park(payload: string | null): Promise<string> {
  await owner.query(`delete from realtime.inbox where consumer = 'realtime.learn'`)
  await owner.query('delete from realtime.performances')
  const [row] = await owner.query<{ id: string }>(
    `insert into platform.dead_letters (consumer, event_id, source, topic, key, payload, error)
     select 'realtime.learn', event_id, 'catalog', topic, key, coalesce($1::json, payload), 'it would not go'
     from catalog.outbox where topic = 'catalog.performance_published' and key = $2
     on conflict (consumer, event_id) do update set payload = excluded.payload
     returning letter_id::text as id`,
    [payload, onsale.performance_id],
  )
  return row?.id ?? ''
}

test('an admin sees a letter and has it taken again; then it is gone', async () => {
  const id = await park(null)
  expect(await letters()).toMatchObject({
    items: [{ id, consumer: 'realtime.learn', key: onsale.performance_id, error: 'it would not go' }],
    next_cursor: null,
  })
  const { body } = await client.expect(200, 'POST', `${PATH}/${id}/redrive`, { as })
  expect(body).toMatchObject({ id, consumer: 'realtime.learn' })
  expect((await owner.query('select 1 from realtime.performances')).length).toBe(1)
  expect((await letters()).items).toEqual([])
  await client.expect(404, 'POST', `${PATH}/${id}/redrive`, { as })
  await client.expect(404, 'POST', `${PATH}/no-letter/redrive`, { as })
})

test('a letter that fails again stays, with the new error; lists are paged', async () => {
  const id = await park('{"performance_id":null}')
  const refused = await client.expect<{ detail: string }>(409, 'POST', `${PATH}/${id}/redrive`, { as })
  expect(refused.body.detail).toContain('realtime.learn failed again')
  const { items } = await letters('?limit=1')
  expect(items).toMatchObject([{ id }])
  expect(items[0]?.error).not.toBe('it would not go')
  await owner.query(
    `insert into platform.dead_letters (consumer, event_id, source, topic, key, payload, error)
     values ('ticketing.gone', gen_random_uuid(), 'booking', 'booking.confirmed', 'k', '{}', 'second')`,
  )
  const first = await letters('?limit=1')
  const second = await letters(`?limit=1&cursor=${first.next_cursor}`)
  expect([first.items[0]?.error, second.items[0]?.error]).toEqual([items[0]?.error, 'second'])
  expect(second.next_cursor).toBeNull()
  await client.expect(400, 'GET', `${PATH}?cursor=rubbish`, { as })
  await owner.query('delete from platform.dead_letters')
})

test('the command line lists letters and drives one again', async () => {
  const id = await park(null)
  const run = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, '../apps/server/tessera.ts'), 'redrive', ...args],
      {
        env: {
          ...process.env,
          DATABASE_URL: product.settings.database_url ?? '',
          TESSERA_DATA_DIR: product.settings.data_dir,
        },
      },
    )
    return stdout
  }
  expect(await run()).toContain('it would not go')
  expect(await run(id)).toContain('realtime.learn has taken event')
  expect((await letters()).items).toEqual([])
}, 180_000)
