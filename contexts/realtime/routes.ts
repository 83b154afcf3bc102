import { PerformanceParams } from '@tessera/contracts/http/booking'
import { Availability, SeatsDocument } from '@tessera/contracts/http/realtime'
import { EventParams } from '@tessera/contracts/http/sales'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { SEATS_MEDIA_TYPE } from '@tessera/contracts/seat-map/seat-state'
import { LRUCache } from 'lru-cache'
import { type Document, jsonDocument, sendDocument } from '#platform/cache'
import { HIJACKED, type Http } from '#platform/http'
import type { RealtimeDeps } from './deps.ts'
import { availabilityOf, seatsBinary, seatsDocument } from './documents.ts'
import type { View } from './views.ts'

export function routes(http: Http<Permission>, deps: RealtimeDeps): void {
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
      summary: 'Changes by version (server-sent events); Last-Event-ID resumes',
      tag: 'Seats',
      access: 'public',
      params: PerformanceParams,
      responses: { 200: 'text/event-stream' },
      problems: ['not-found'],
    },
    async ({ params, headers, raw }) => {
      const view = await deps.views.get(params.performance_id)
      if (view === undefined) return problem('not-found')
      const last = headers['last-event-id']
      await deps.hub.join(view, raw.response, typeof last === 'string' && /^\d{1,15}$/.test(last) ? Number(last) : null)
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
}

async function viewsOf(deps: RealtimeDeps, event_id: string): Promise<View[]> {
  if (!isId('evt', event_id)) return []
  let ids = await deps.views.ofEvent(event_id)
  if (ids.length === 0) {
    // Just published, perhaps: catalog knows its performances, and a view waits to learn them.
    const event = await deps.rpc.catalog.event({ event_id })
    if (event === null || event.status === 'draft') return []
    ids = event.performance_ids
  }
  const views: View[] = []
  for (const id of ids) {
    const view = await deps.views.get(id)
    if (view !== undefined) views.push(view)
  }
  return views
}

const AVAILABILITIES_MAX = 2_000

/** One document an event, for as long as none of its performances has moved on. */
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
