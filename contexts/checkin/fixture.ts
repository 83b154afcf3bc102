import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { IssuedTicket } from '@tessera/contracts/events/ticketing'
import { newId } from '@tessera/contracts/ids'
import { needsMembership, type Permission, type Role, roleMay } from '@tessera/contracts/permissions'
import { PROBLEMS } from '@tessera/contracts/problems'
import type { CheckinRpc } from '@tessera/contracts/rpc/checkin'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { DoorTicket } from '@tessera/contracts/rpc/ticketing'
import { newCodeId, ticketCode, ticketCodeBody } from '@tessera/contracts/ticket-code'
import type { MembershipRow } from '#platform/auth'
import { asPrincipal, openTestContext, type TestContext } from '#platform/testing'
import type { Deps } from './deps.ts'
import { checkin } from './index.ts'
import { rpc as rpcOf } from './rpc.ts'

export const STAFF = asPrincipal('usr_staff')
export const RIVAL = asPrincipal('usr_rival')
export const BUYER = asPrincipal('usr_buyer')

type Sale = { performance_id: string; event_id: string; organization_id: string }
export type TestTicket = { ticket: IssuedTicket; code: string }

type Neighbours = {
  /** The tickets that ticketing has, by code id. */
  tickets: Map<string, DoorTicket>
  down: boolean
  asked: number
}

export type Fixture = {
  context: TestContext<Deps>
  rpc: CheckinRpc
  neighbours: Neighbours
  on_sale: Sale
  /** Announces a performance and returns its ids. */
  play(organization_id?: string): Promise<Sale>
  /** Tickets as ticketing would announce them, and their signed codes; `deliver: false` withholds the event. */
  issue(
    count: number,
    options?: { on_sale?: Sale; deliver?: boolean; booking_id?: string; code_ids?: readonly string[] },
  ): Promise<TestTicket[]>
  codeFor(
    ticket: Pick<IssuedTicket, 'code_id' | 'performance_id'>,
    key?: { key_id: string; private_key: KeyObject },
  ): string
  publicKeys: { key_id: string; public_key: string }[]
}

const MEMBERSHIPS: Record<string, MembershipRow[]> = {
  usr_staff: [{ organization_id: 'org_ours', role: 'staff', event_ids: null }],
  usr_guesser: [{ organization_id: 'org_ours', role: 'staff', event_ids: null }],
  usr_parallel_guesser: [{ organization_id: 'org_ours', role: 'staff', event_ids: null }],
  usr_rival: [{ organization_id: 'org_theirs', role: 'staff', event_ids: null }],
}

export function newKey(key_id: string): { key_id: string; private_key: KeyObject; public_key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { key_id, private_key: privateKey, public_key: publicKey.export({ format: 'jwk' }).x ?? '' }
}

const person: ContextRpc['identity']['person'] = async ({ user_id }) => ({
  user_id,
  guest: false,
  email: null,
  first_name: 'Dora',
  last_name: 'Staff',
})

/**
 * Check-in with one performance, stand-ins that follow the contracts of the other contexts, and a key that signs codes.
 */
export async function openFixture(): Promise<Fixture> {
  const neighbours: Neighbours = { tickets: new Map(), down: false, asked: 0 }
  const key = newKey('00000001')
  const publicKeys = [{ key_id: key.key_id, public_key: key.public_key }]
  const ask = async <T>(answer: () => T): Promise<T> => {
    neighbours.asked++
    if (neighbours.down) throw new Error('ticketing is away')
    return answer()
  }
  const rpc: Partial<ContextRpc> = {
    ticketing: {
      tickets_of: async () => [],
      door_ticket: ({ code_id }) => ask(() => neighbours.tickets.get(code_id) ?? null),
      code_keys: () => ask(() => publicKeys),
    },
    identity: { person } as ContextRpc['identity'],
    catalog: {
      performance: async () => null,
      event: async () => null,
      chart: async () => null,
      tiers: async () => [],
    },
  }
  const context = await openTestContext(checkin, {
    config: null,
    problems: PROBLEMS,
    roleMay: (role: string, permission: Permission) => roleMay(role as Role, permission),
    needsMembership,
    memberships: (user_id) => MEMBERSHIPS[user_id] ?? [],
    rpc,
  })
  const codeFor: Fixture['codeFor'] = (ticket, signer = key) => {
    const body = ticketCodeBody({ key_id: signer.key_id, ...ticket })
    return ticketCode(body, sign(null, Buffer.from(body), signer.private_key))
  }
  const play: Fixture['play'] = async (organization_id = 'org_ours') => {
    const on_sale = { performance_id: newId('perf'), event_id: newId('evt'), organization_id }
    await context.deliver('catalog.performance_published', on_sale.performance_id, { ...on_sale, revision: 1 })
    return on_sale
  }
  const on_sale = await play()
  const issue: Fixture['issue'] = async (count, options = {}) => {
    const booking_id = options.booking_id ?? newId('bk')
    const tickets = Array.from(
      { length: count },
      (_, index): IssuedTicket => ({
        ticket_id: newId('tkt'),
        code_id: options.code_ids?.[index] ?? newCodeId(),
        booking_id,
        ...(options.on_sale ?? on_sale),
        seat_id: `A-${index + 1}`,
        seat_label: `Stalls, row A, seat ${index + 1}`,
        tier_id: 'tier_stalls',
        tier_name: 'Stalls',
        holder: { first_name: 'Meera', last_name: 'Joshi' },
      }),
    )
    for (const ticket of tickets) neighbours.tickets.set(ticket.code_id, { ...ticket, status: 'active' })
    const news = { booking_id, performance_id: tickets[0]?.performance_id ?? '', tickets }
    if (options.deliver !== false) await context.deliver('ticketing.tickets_issued', booking_id, news)
    return tickets.map((ticket) => ({ ticket, code: codeFor(ticket) }))
  }
  return { context, rpc: rpcOf(context.deps), neighbours, on_sale, play, issue, codeFor, publicKeys }
}
