import { PerformanceParams } from '@tessera/contracts/http/booking'
import { Block, BlockBody, BlockParams, BlocksQuery, EventParams, EventSales } from '@tessera/contracts/http/sales'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import type { Principal } from '#platform/auth'
import { answer, HIJACKED, type Http, limitOf, type Outcome, page } from '#platform/http'
import type { Deps } from '../deps.ts'
import { createBlock, listBlocks, removeBlock } from '../manage-blocks.ts'
import { eventSales } from '../sales.ts'

/** 25,000 seats by their labels; a stadium takes a few blocks. */
const BLOCK_BYTES_MAX = 262_144

export function organizerRoutes(http: Http<Permission>, deps: Deps): void {
  salesRoutes(http, deps)
  blockRoutes(http, deps)
}

function salesRoutes(http: Http<Permission>, deps: Deps): void {
  const { sales_streams: streams } = deps
  http.route(
    {
      method: 'GET',
      url: '/api/v1/events/:event_id/sales',
      id: 'getEventSales',
      summary: 'Sales of an event, by performance and tier',
      tag: 'Organizer',
      access: 'sales:read:own',
      params: EventParams,
      responses: { 200: EventSales },
      problems: ['not-found'],
    },
    async ({ principal, params }) => {
      if (!(await maySeeSales(deps, principal, params.event_id))) return problem('not-found')
      return answer(200, await eventSales(deps, params.event_id), { 'cache-control': 'private, no-store' })
    },
  )

  http.route(
    {
      method: 'GET',
      url: '/api/v1/events/:event_id/sales/stream',
      id: 'streamEventSales',
      summary: 'The same, sent again whenever sales change (server-sent events)',
      tag: 'Organizer',
      access: 'sales:read:own',
      params: EventParams,
      stream: true,
      responses: { 200: 'text/event-stream' },
      problems: ['not-found', 'too-many-requests', 'unavailable'],
    },
    async ({ principal, params, raw }) => {
      const { event_id } = params
      const maySee = (): Promise<boolean> => maySeeSales(deps, principal, event_id)
      if (!(await maySee())) return problem('not-found')
      streams.join({ event_id, principal, maySee }, raw.response)
      return HIJACKED
    },
  )
}

function blockRoutes(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/performances/:performance_id/blocks',
      id: 'blockSeats',
      body_bytes_max: BLOCK_BYTES_MAX,
      summary: 'Take seats or a quantity out of sale',
      tag: 'Organizer',
      access: 'blocks:manage:own',
      params: PerformanceParams,
      body: BlockBody,
      responses: { 201: Block },
      problems: ['seat-unavailable', 'unknown-seats', 'not-found', 'malformed-request'],
    },
    async ({ principal, params, body, idempotency }): Promise<Outcome> => {
      return createBlock(deps, { principal, performance_id: params.performance_id, body, idempotency })
    },
  )

  http.route(
    {
      method: 'GET',
      url: '/api/v1/performances/:performance_id/blocks',
      id: 'listBlocks',
      summary: 'The blocks of a performance, each with its state',
      tag: 'Organizer',
      access: 'blocks:manage:own',
      params: PerformanceParams,
      query: BlocksQuery,
      responses: { 200: page(Block) },
      problems: ['not-found'],
    },
    async ({ principal, params, query }): Promise<Outcome> => {
      const limit = limitOf(query)
      const { performance_id } = params
      return listBlocks(deps, { principal, performance_id, limit, cursor: query.cursor })
    },
  )

  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/blocks/:block_id',
      id: 'unblockSeats',
      summary: 'Return blocked seats to the sale',
      tag: 'Organizer',
      access: 'blocks:manage:own',
      params: BlockParams,
      responses: { 204: 'application/json' },
      problems: ['not-found'],
    },
    async ({ principal, params }) => {
      return (await removeBlock(deps, principal, params.block_id)) ? answer(204, null) : problem('not-found')
    },
  )
}

async function maySeeSales(deps: Deps, principal: Principal | null, event_id: string): Promise<boolean> {
  const event = await deps.rpc.catalog.event({ event_id })
  return (
    event !== null &&
    principal !== null &&
    deps.access.mayIn(principal, 'sales:read:own', { organization_id: event.organization_id, event_id })
  )
}
