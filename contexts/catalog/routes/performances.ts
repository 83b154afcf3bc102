import {
  Performance,
  PerformanceDetail,
  PerformanceInput,
  Tier,
  TierChange,
  TierInput,
} from '@tessera/contracts/http/catalog'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { type Static, Type } from 'typebox'
import { sendDocument } from '#platform/cache'
import { answer, type Call, type Http, type Outcome } from '#platform/http'
import { addPerformance } from '../add-performance.ts'
import { addTier } from '../add-tier.ts'
import { ifMatch, notFound, refused, versionTag } from '../answers.ts'
import type { Deps } from '../deps.ts'
import type { EventDocument } from '../documents.ts'
import { readPerformance } from '../read-event.ts'
import { removePerformance } from '../remove-performance.ts'
import { actingFor, ownEventOf } from '../tenant.ts'
import { updatePerformance } from '../update-performance.ts'
import { updateTier } from '../update-tier.ts'
import { writeTo } from './organizer-write.ts'

const EventId = Type.Object({ event_id: Type.String({ maxLength: 64 }) })
const TierId = Type.Object({ tier_id: Type.String({ maxLength: 64 }) })
const PerformanceId = Type.Object({ performance_id: Type.String({ maxLength: 64 }) })

export function performanceRoutes(http: Http<Permission>, deps: Deps): void {
  addPerformanceRoute(http, deps)
  getPerformanceRoute(http, deps)
  updatePerformanceRoute(http, deps)
  removePerformanceRoute(http, deps)
  addTierRoute(http, deps)
  updateTierRoute(http, deps)
}

function addPerformanceRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/events/:event_id/performances',
      id: 'addPerformance',
      summary: 'Add a performance; without chart_id for general admission only',
      tag: 'catalog',
      access: 'events:update:own',
      params: EventId,
      body: PerformanceInput,
      responses: { 201: Performance },
      problems: ['not-found', 'invalid-input', 'conflict'],
    },
    (call) =>
      writeTo(deps, call, { kind: 'event', id: call.params.event_id }, 'none', async (tx, own) => {
        const outcome = await addPerformance({ tx }, { ...call.body, ...own })
        if (outcome.kind !== 'added') return refused(outcome)
        return answer(201, outcome.performance, { location: `/api/v1/performances/${outcome.performance.id}` })
      }),
  )
}

function getPerformanceRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/performances/:performance_id',
      id: 'getPerformance',
      summary: 'Read a performance with its event, for the seats page',
      tag: 'catalog',
      access: 'public',
      params: PerformanceId,
      responses: { 200: PerformanceDetail },
      problems: ['not-found'],
    },
    (call) => {
      const { performance_id } = call.params
      if (!isId('perf', performance_id)) return notFound()
      const found = deps.documents.performance(performance_id)
      return found instanceof Promise ? found.then((read) => show(deps, call, read)) : show(deps, call, found)
    },
  )
}

function updatePerformanceRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'PUT',
      url: '/api/v1/performances/:performance_id',
      id: 'updatePerformance',
      summary: 'Reschedule a performance; before it is on sale, also change its chart',
      tag: 'catalog',
      access: 'events:update:own',
      params: PerformanceId,
      body: PerformanceInput,
      responses: { 200: PerformanceDetail },
      problems: ['not-found', 'precondition-failed', 'invalid-input', 'conflict', 'chart-in-use', 'unavailable'],
    },
    (call) => {
      const { performance_id } = call.params
      return writeTo(deps, call, { kind: 'performance', id: performance_id }, 'sale-opened', async (tx, own) => {
        const outcome = await updatePerformance({ tx }, { ...call.body, ...own, performance_id, ...ifMatch(call) })
        if (outcome.kind === 'chart-in-use')
          return problem('chart-in-use', 'Its seats are on sale by the chart it has.')
        if (outcome.kind !== 'updated') return refused(outcome)
        const read = await readPerformance({ tx }, { event_id: own.event_id, performance_id, drafts: true })
        return read === undefined ? notFound() : answer(200, read.performance, versionTag(read.version))
      })
    },
  )
}

function removePerformanceRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/performances/:performance_id',
      id: 'removePerformance',
      summary: 'Remove a performance that was never published',
      tag: 'catalog',
      access: 'events:update:own',
      params: PerformanceId,
      responses: { 204: Type.Null() },
      problems: ['not-found', 'conflict'],
    },
    (call) => {
      const { performance_id } = call.params
      return writeTo(deps, call, { kind: 'performance', id: performance_id }, 'none', async (tx, own) => {
        const outcome = await removePerformance({ tx }, { ...own, performance_id })
        return outcome.kind === 'removed' ? answer(204, null) : refused(outcome)
      })
    },
  )
}

function addTierRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/performances/:performance_id/tiers',
      id: 'addTier',
      summary: 'Add a price for seat categories, or for a general-admission quantity',
      tag: 'catalog',
      access: 'events:update:own',
      params: PerformanceId,
      body: TierInput,
      responses: { 201: Tier },
      problems: ['not-found', 'invalid-input', 'conflict'],
    },
    (call) => {
      const { performance_id } = call.params
      return writeTo(deps, call, { kind: 'performance', id: performance_id }, 'none', async (tx, own) => {
        const outcome = await addTier({ tx }, { ...call.body, ...own, performance_id })
        return outcome.kind === 'added' ? answer(201, outcome.tier) : refused(outcome)
      })
    },
  )
}

function updateTierRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'PUT',
      url: '/api/v1/tiers/:tier_id',
      id: 'updateTier',
      summary: 'Change a tier; absent fields stay as they are, holds keep their price',
      tag: 'catalog',
      access: 'events:update:own',
      params: TierId,
      body: TierChange,
      responses: { 200: Tier },
      problems: ['not-found', 'precondition-failed', 'invalid-input', 'conflict', 'unavailable'],
    },
    async (call) => {
      const { tier_id } = call.params
      const charge_limits = await deps.payment.charge_limits()
      return writeTo(deps, call, { kind: 'tier', id: tier_id }, 'sale-opened', async (tx, own) => {
        const input = { ...own, tier_id, change: call.body, ...ifMatch(call) }
        const outcome = await updateTier({ tx, charge_limits }, input)
        return outcome.kind === 'updated' ? answer(200, outcome.tier) : refused(outcome)
      })
    },
  )
}

/** The public page; drafts and unpublished tiers for its organization only. */
async function show(
  deps: Deps,
  call: Call<Static<typeof PerformanceId>>,
  found: EventDocument | undefined,
): Promise<Outcome> {
  const { performance_id } = call.params
  const { principal } = call
  const mayHaveMore = principal !== null && !principal.guest && (found === undefined || found.pending)
  const own = mayHaveMore
    ? await ownEventOf(deps, principal, 'events:read:own', 'performance', performance_id)
    : undefined
  if (own === undefined) return found === undefined ? notFound() : sendDocument(call, found.document)
  const input = { event_id: own.event_id, performance_id, drafts: true }
  const read = await deps.db.transaction((tx) => readPerformance({ tx }, input), {
    ...actingFor(own.organization_id),
    isolation: 'repeatable read',
    read_only: true,
  })
  if (read === undefined) return notFound()
  return answer(200, read.performance, { 'cache-control': 'private, no-cache', ...versionTag(read.version) })
}
