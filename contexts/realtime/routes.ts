import { PerformanceParams } from '@tessera/contracts/http/booking'
import { Availability, AvailabilityQuery, SaleSummaries, SeatsDocument } from '@tessera/contracts/http/realtime'
import { EventParams } from '@tessera/contracts/http/sales'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { SEATS_MEDIA_TYPE } from '@tessera/contracts/seat-map/seat-state'
import { LRUCache } from 'lru-cache'
import { type Document, jsonDocument, sendDocument } from '#platform/cache'
import { answer, HIJACKED, type Http } from '#platform/http'
import type { Deps } from './deps.ts'
import { availabilityOf, saleSummary, seatsBinary, seatsDocument } from './documents.ts'
import { NO_VERSION, type View } from './views.ts'

export function routes(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/performances/:performance_id/seats',
      id: 'getSeats',
      summary: 'The state of every seat that is not available, and counts by tier',
      tag: 'Seats',
      access: 'public',
      params: PerformanceParams,
      responses: { 200: SeatsDocument },
      problems: ['not-found'],
    },
    async ({ params, headers }) => {
      const view = await deps.views.get(params.performance_id)
      if (view === undefined) return problem('not-found')
      const wantsBinary = headers.accept?.includes(SEATS_MEDIA_TYPE) === true
      return sendDocument({ headers }, await (wantsBinary ? seatsBinary(view) : seatsDocument(view)))
    },
  )

  http.route(
    {
      method: 'GET',
      url: '/api/v1/performances/:performance_id/seats/stream',
      id: 'streamSeats',
      summary:
        'Changes by version (server-sent events); Last-Event-ID resumes, or gets `reset` when it is no version that can be resumed',
      tag: 'Seats',
      access: 'public',
      stream: true,
      params: PerformanceParams,
      responses: { 200: 'text/event-stream' },
      problems: ['not-found', 'too-many-requests', 'unavailable'],
    },
    async ({ params, headers, raw }) => {
      const view = await deps.views.get(params.performance_id)
      if (view === undefined) return problem('not-found')
      await deps.hub.join(view, raw.response, versionOf(headers['last-event-id']))
      return HIJACKED
    },
  )

  const availability = rememberedAvailability()
  http.route(
    {
      method: 'GET',
      url: '/api/v1/events/:event_id/availability',
      id: 'getAvailability',
      summary: 'What is left of an event, by performance and tier',
      tag: 'Seats',
      access: 'public',
      params: EventParams,
      responses: { 200: Availability },
      problems: ['not-found'],
    },
    async ({ params, headers }) => {
      const views = await viewsOf(deps, params.event_id)
      if (views.length === 0) return problem('not-found')
      return sendDocument({ headers }, await availability(params.event_id, views))
    },
  )
  summariesRoute(http, deps)
}

/**
 * Null on a first visit. An unreadable value becomes a version older than any history, so that the hub sends a reset.
 */
function versionOf(last_event_id: string | string[] | undefined): number | null {
  if (last_event_id === undefined || last_event_id === '') return null
  return typeof last_event_id === 'string' && /^\d{1,15}$/.test(last_event_id) ? Number(last_event_id) : NO_VERSION
}

const SUMMARIES_MAX = 100

function summariesRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/availability',
      id: 'listAvailability',
      summary: 'The state of sale and lowest price of several events',
      tag: 'Seats',
      access: 'public',
      query: AvailabilityQuery,
      responses: { 200: SaleSummaries },
    },
    async ({ query }) => {
      const event_ids = [...new Set(query.event_ids.split(','))].slice(0, SUMMARIES_MAX)
      const now_ms = Date.now()
      const ids = await deps.views.ofEvents(event_ids)
      const found = await Promise.all(
        event_ids.map(async (id) => ({ id, views: await loaded(deps, ids.get(id) ?? []) })),
      )
      const items = found.filter(({ views }) => views.length > 0)
      const body = { items: items.map(({ id, views }) => saleSummary(id, views, now_ms)) }
      return answer(200, body, { 'cache-control': 'no-cache' })
    },
  )
}

async function viewsOf(deps: Deps, event_id: string): Promise<View[]> {
  if (!isId('evt', event_id)) return []
  let ids = await deps.views.ofEvent(event_id)
  if (ids.length === 0) {
    // It may just have been published: catalog has its performances, and loading a view waits for them.
    const event = await deps.rpc.catalog.event({ event_id })
    if (event === null || event.status === 'draft') return []
    ids = event.performance_ids
  }
  return loaded(deps, ids)
}

async function loaded(deps: Deps, performance_ids: readonly string[]): Promise<View[]> {
  const views: View[] = []
  for (const id of performance_ids) {
    const view = await deps.views.get(id)
    if (view !== undefined) views.push(view)
  }
  return views
}

const AVAILABILITIES_MAX = 2_000

/** One document per event, reused until the state of one of its performances changes. */
function rememberedAvailability() {
  const known = new LRUCache<string, { versions: string; document: Promise<Document> }>({ max: AVAILABILITIES_MAX })
  return (event_id: string, views: readonly View[]): Promise<Document> => {
    const versions = views
      .map(({ facts, version }) => `${facts.performance_id}:${version}:${facts.status}:${facts.revision}`)
      .join()
    const last = known.get(event_id)
    if (last?.versions === versions) return last.document
    const document = jsonDocument(availabilityOf(event_id, views), { cache_control: 'no-cache' })
    known.set(event_id, { versions, document })
    return document
  }
}
