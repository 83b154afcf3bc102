import { expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import { buy } from '../theatre.ts'
import { makeFixture, type Name, PRINCIPALS } from './fixture.ts'

/**
 * Order links: every read that takes `?access=`, by everyone, with no token, a wrong one, that of another order, one that
 * was revoked, and the right one. The right one shows all to whoever has it; every other token changes nothing.
 */
const product = await productOfFile()
const { client } = product
const fixture = await makeFixture(product)

type Order = { id: string; access_token: string; order_url: string; tickets: { id: string }[] }

async function order(buyer: Name): Promise<Order> {
  const performance_id = (await fixture.object('performance', 'own', false)) ?? ''
  const { id } = await buy(client, fixture.token[buyer] ?? '', performance_id, { seat_ids: [seats.pop() ?? ''] })
  return (await client.expect<Order>(200, 'GET', `/bookings/${id}`, { as: fixture.token[buyer] })).body
}

const seats = ['N-1', 'N-2']
const own = await order('ann')
const others = await order('ben')
const revoked = own.access_token
await client.expect(204, 'DELETE', `/bookings/${own.id}/link`, { as: fixture.token.ann })
const { access_token: right } = (
  await client.expect<Order>(200, 'GET', `/bookings/${own.id}`, { as: fixture.token.ann })
).body

const tokens = {
  none: undefined,
  wrong: right.startsWith('A') ? `B${right.slice(1)}` : `A${right.slice(1)}`,
  shorter: right.slice(1),
  another_orders: others.access_token,
  revoked,
  right,
} as const

const ticket = own.tickets[0]?.id ?? ''
/** Whom the object's rights reach without any token: `all` with code and link, `some` without. */
const reads = [
  { path: `/bookings/${own.id}`, all: ['ann'], some: ['owner', 'box_office', 'admin'] },
  { path: `/tickets/${ticket}`, all: ['ann'], some: ['owner', 'box_office', 'staff', 'staff_of_one', 'admin'] },
  {
    path: `/bookings/${own.id}/calendar.ics`,
    all: ['ann'],
    some: ['owner', 'box_office', 'staff', 'staff_of_one', 'admin'],
  },
  { path: `/tickets/${ticket}/qr.svg`, all: ['ann'], some: [] },
  { path: `/tickets/${ticket}/qr.png`, all: ['ann'], some: [] },
  { path: `/tickets/${ticket}/pdf`, all: ['ann'], some: [] },
  { path: `/bookings/${own.id}/tickets.pdf`, all: ['ann'], some: [] },
] as const satisfies readonly { path: string; all: readonly Name[]; some: readonly Name[] }[]

/** Does the answer hold what opens the order or the door? */
function secretsIn(body: Record<string, unknown>): string[] {
  return ['access_token', 'order_url', 'code'].filter((name) => body[name] !== undefined && body[name] !== null)
}

const includes = (names: readonly Name[], name: Name): boolean => names.includes(name)

test.each(reads)('$path', async ({ path, all, some }) => {
  for (const [kind, token] of Object.entries(tokens)) {
    for (const name of PRINCIPALS) {
      const query = token === undefined ? '' : `?access=${encodeURIComponent(token)}`
      const { status, body } = await client.send(`GET`, `${path}${query}`, { as: fixture.token[name] })
      const holds = includes(all, name) || kind === 'right'
      const reaches = holds || includes(some, name)
      const asked = `${name} with ${kind}: `
      if (reaches) expect(`${asked}${status}`).toBe(`${asked}200`)
      else expect([`${asked}401`, `${asked}404`]).toContain(`${asked}${status}`)
      if (status === 200 && !holds) expect({ asked, secrets: secretsIn(body) }).toEqual({ asked, secrets: [] })
      if (status === 200 && path === `/bookings/${own.id}`)
        expect({ asked, own: body['own'] }).toEqual({ asked, own: holds })
    }
  }
})

test('the right token shows the link and the code, so that their absence elsewhere says something', async () => {
  const booking = await client.expect(200, 'GET', `/bookings/${own.id}?access=${right}`)
  expect(secretsIn(booking.body)).toEqual(['access_token', 'order_url'])
  expect(booking.body).toMatchObject({ own: true })
  expect(secretsIn((await client.expect(200, 'GET', `/tickets/${ticket}?access=${right}`)).body)).toEqual(['code'])
})
