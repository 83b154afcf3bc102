import { expect, test } from 'vitest'
import { prepareDemo } from '../../apps/server/demo/ensure.ts'
import { productOfFile } from '../product.ts'
import { buy, type Organizer, putOnSale, register } from '../theatre.ts'

const product = await productOfFile()
const { client } = product

type Session = { user: { id: string }; access_token: string; refresh_token: string }

async function demoOrganizer(name: string, organization_id: string): Promise<Organizer> {
  const email = `${name}@demo.test`
  const body = { email, password: 'tessera-demo' }
  const session = (await client.expect<Session>(200, 'POST', '/auth/login', { body })).body
  const { access_token: token, refresh_token } = session
  return { token, refresh_token, email, user_id: session.user.id, organization_id }
}

async function eventStatus(event_id: string): Promise<unknown> {
  return (await client.expect<{ status: string }>(200, 'GET', `/events/${event_id}`)).body.status
}

test('where demo accounts are retired, what only they could run leaves the sale, once; other events stay', async () => {
  const { organizations } = await product.product.people.seedDemo()
  const owner = await demoOrganizer('organizer', organizations.lantern_hall)
  const demo = await putOnSale(client, { organizer: owner })
  const real = await putOnSale(client)
  const buyer = await register(client)
  const seat = { seat_ids: ['A-1'] }
  const bought = await buy(client, buyer.token, demo.performance_id, seat)
  const said: string[] = []
  const start = { production: true, wanted: true, with_sales: false }
  const begin = (first: boolean) => prepareDemo(product.product, { ...start, first }, (line) => void said.push(line))
  // Whichever process of the port is ready to listen first.
  await begin(false)
  const body_of_demo = { email: owner.email, password: 'tessera-demo' }
  await client.expect(401, 'POST', '/auth/login', { body: body_of_demo })
  await Promise.all([begin(true), begin(false)])
  expect(said).toEqual([
    'This installation is in production: 7 demo accounts were found and can no longer sign in.',
    '1 events that only demo accounts could run were on sale; they are cancelled.',
  ])
  await product.settle()
  expect([await eventStatus(demo.event_id), await eventStatus(real.event_id)]).toEqual(['cancelled', 'published'])
  const body = { performance_id: demo.performance_id, seat_ids: ['A-2'] }
  expect((await client.send('POST', '/bookings/hold', { as: buyer.token, key: true, body })).body).toMatchObject({
    type: '/problems/not-on-sale',
  })
  await buy(client, buyer.token, real.performance_id, seat)
  await expect
    .poll(async () => (await client.send('GET', `/bookings/${bought.id}`, { as: buyer.token })).body, {
      timeout: 20_000,
    })
    .toMatchObject({ payments: [{ amount: { amount: 2_400 }, refunded: { amount: 2_400 } }] })
})
