import { ChartCreated, ChartDetail, ChartSummary, Venue, VenueInput } from '@tessera/contracts/http/catalog'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { Type } from 'typebox'
import { sendDocument } from '#platform/cache'
import { answer, decodeCursor, type Http, limitOf, onceByKey, PageQuery, page, pageOf } from '#platform/http'
import { notFound, refused, refuseOrganization } from '../answers.ts'
import { createChart } from '../charts/create-chart.ts'
import { listCharts, readChart, readGeometry } from '../charts/read-chart.ts'
import { createVenue } from '../create-venue.ts'
import type { Deps } from '../deps.ts'
import { nextLink } from '../paging.ts'
import { listVenues, readVenue } from '../read-venue.ts'
import { actingFor, chooseOrganization, ownershipOf } from '../tenant.ts'

const VenueId = Type.Object({ venue_id: Type.String({ maxLength: 64 }) })
const ChartId = Type.Object({ chart_id: Type.String({ maxLength: 64 }) })
const CHART_BYTES_MAX = 64 * 1_048_576
const PRIVATE = { 'cache-control': 'private, no-cache' }
const IMMUTABLE_PRIVATE = 'private, max-age=31536000, immutable'

export function venueRoutes(http: Http<Permission>, deps: Deps): void {
  createVenueRoute(http, deps)
  listVenuesRoute(http, deps)
  getVenueRoute(http, deps)
}

function createVenueRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/venues',
      id: 'createVenue',
      summary: 'Add a venue',
      tag: 'catalog',
      access: 'venues:create:own',
      body: VenueInput,
      responses: { 201: Venue },
      problems: ['not-found', 'invalid-input', 'limit-exceeded'],
    },
    async (call) => {
      const { organization_id: given } = call.body
      const organization = await chooseOrganization(deps, call.principal, 'venues:create:own', given)
      if (organization.kind !== 'chosen') return refuseOrganization(organization)
      const { organization_id } = organization
      return onceByKey(
        deps.db,
        call.idempotency,
        async (tx) => {
          const outcome = await createVenue({ tx, limits: deps.limits }, { ...call.body, organization_id })
          if (outcome.kind !== 'created') return refused(outcome)
          return answer(201, outcome.venue, { location: `/api/v1/venues/${outcome.venue.id}` })
        },
        actingFor(organization_id),
      )
    },
  )
}

function listVenuesRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/venues',
      id: 'listVenues',
      summary: 'List the venues of your organizations, newest first',
      tag: 'catalog',
      access: 'venues:read:own',
      query: Type.Object({ ...PageQuery, organization_id: Type.Optional(Type.String({ maxLength: 64 })) }),
      responses: { 200: page(Venue) },
      problems: ['malformed-request', 'not-found'],
    },
    async (call) => {
      const { organization_id, cursor } = call.query
      const limit = limitOf(call.query)
      const before = cursor === undefined ? null : idOf(cursor)
      if (before === undefined) return problem('malformed-request', 'This cursor is not one of ours.')
      const principal = call.principal
      const mine = await deps.access.organizationsWith(principal, 'venues:read:own')
      if (organization_id !== undefined && mine !== 'all' && !mine.includes(organization_id)) return notFound()
      const wanted = organization_id === undefined ? mine : [organization_id]
      const input = { organization_ids: wanted === 'all' ? null : wanted, before, limit: limit + 1 }
      const rows =
        wanted === 'all'
          ? await listVenues({ tx: deps.everything }, input)
          : await deps.db.transaction((tx) => listVenues({ tx }, input), actingFor(wanted.join()))
      const body = pageOf(rows, limit, (venue) => [venue.id])
      const link = nextLink('/api/v1/venues', { organization_id, limit }, body.next_cursor)
      return answer(200, body, { ...PRIVATE, ...link })
    },
  )
}

function getVenueRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/venues/:venue_id',
      id: 'getVenue',
      summary: 'Read a venue: of a published event, or your own',
      tag: 'catalog',
      access: 'public',
      params: VenueId,
      responses: { 200: Venue },
      problems: ['not-found'],
    },
    async (call) => {
      const { venue_id } = call.params
      if (!isId('ven', venue_id)) return notFound()
      const known = await readVenue({ tx: deps.db }, { venue_id })
      if (known !== undefined) return answer(200, known, { 'cache-control': 'public, no-cache', etag: `"${venue_id}"` })
      if (call.principal === null) return notFound()
      const owner = await ownershipOf(deps, call.principal, 'venues:read:own', 'venue', venue_id)
      if (owner === undefined) return notFound()
      const own = await deps.db.transaction((tx) => readVenue({ tx }, { venue_id }), actingFor(owner.organization_id))
      return own === undefined ? notFound() : answer(200, own, { ...PRIVATE, etag: `"${venue_id}"` })
    },
  )
}

export function chartRoutes(http: Http<Permission>, deps: Deps): void {
  createChartRoute(http, deps)
  listChartsRoute(http, deps)
  getChartRoute(http, deps)
  getChartGeometryRoute(http, deps)
}

function createChartRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/venues/:venue_id/charts',
      id: 'createChart',
      summary: 'Add a seating chart: a Tessera chart, or a pretix seating plan as it is',
      tag: 'catalog',
      access: 'charts:create:own',
      params: VenueId,
      body_bytes_max: CHART_BYTES_MAX,
      authorize: async ({ principal, params }) =>
        (await ownershipOf(deps, principal, 'charts:create:own', 'venue', params.venue_id)) === undefined
          ? notFound()
          : null,
      raw_body: true,
      responses: { 201: ChartCreated },
      problems: ['malformed-request', 'not-found', 'too-large', 'invalid-chart', 'limit-exceeded', 'unavailable'],
    },
    async (call) => {
      const { venue_id } = call.params
      const owner = await ownershipOf(deps, call.principal, 'charts:create:own', 'venue', venue_id)
      if (owner === undefined) return notFound()
      const body: unknown = call.body
      if (!(body instanceof Uint8Array)) return problem('malformed-request', 'Send the chart as the body.')
      const prepared = await deps.chart_worker.prepare(body)
      switch (prepared.kind) {
        case 'malformed':
          return problem('malformed-request', prepared.detail)
        case 'invalid-chart':
          return problem('invalid-chart', 'errors names what is wrong, and where.', { errors: prepared.errors })
        case 'saturated':
          return problem('unavailable', 'Many charts are being read now; try again in a moment.', undefined, 5)
        case 'prepared':
      }
      const { organization_id } = owner
      return onceByKey(
        deps.db,
        call.idempotency,
        async (tx) => {
          const outcome = await createChart(
            { tx, limits: deps.limits },
            { organization_id, venue_id, chart: prepared.chart },
          )
          if (outcome.kind !== 'created') return refused(outcome)
          return answer(201, outcome.chart, { location: `/api/v1/charts/${outcome.chart.id}` })
        },
        actingFor(organization_id),
      )
    },
  )
}

function listChartsRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/venues/:venue_id/charts',
      id: 'listCharts',
      summary: 'List the charts of your venue, newest first',
      tag: 'catalog',
      access: 'venues:read:own',
      params: VenueId,
      query: Type.Object(PageQuery),
      responses: { 200: page(ChartSummary) },
      problems: ['malformed-request', 'not-found'],
    },
    async (call) => {
      const { venue_id } = call.params
      const { cursor } = call.query
      const limit = limitOf(call.query)
      const before = cursor === undefined ? null : idOf(cursor)
      if (before === undefined) return problem('malformed-request', 'This cursor is not one of ours.')
      const owner = await ownershipOf(deps, call.principal, 'venues:read:own', 'venue', venue_id)
      if (owner === undefined) return notFound()
      const input = { venue_id, before, limit: limit + 1 }
      const rows = await deps.db.transaction((tx) => listCharts({ tx }, input), actingFor(owner.organization_id))
      const body = pageOf(rows, limit, (chart) => [chart.id])
      const link = nextLink(`/api/v1/venues/${venue_id}/charts`, { limit }, body.next_cursor)
      return answer(200, body, { ...PRIVATE, ...link })
    },
  )
}

function getChartRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/charts/:chart_id',
      id: 'getChart',
      summary: 'Read your chart: the document as you sent it, and the seats as parsed',
      tag: 'catalog',
      access: 'venues:read:own',
      params: ChartId,
      responses: { 200: ChartDetail },
      problems: ['not-found'],
    },
    async (call) => {
      const { chart_id } = call.params
      const owner = await ownershipOf(deps, call.principal, 'venues:read:own', 'chart', chart_id)
      if (owner === undefined) return notFound()
      const body = await deps.db.transaction((tx) => readChart({ tx }, { chart_id }), actingFor(owner.organization_id))
      if (body === undefined) return notFound()
      return answer(200, body, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': IMMUTABLE_PRIVATE,
        etag: `"${chart_id}"`,
      })
    },
  )
}

function getChartGeometryRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/charts/:chart_id/geometry',
      id: 'getChartGeometry',
      summary: 'Read the geometry of a chart, which never changes, for drawing it',
      tag: 'catalog',
      access: 'public',
      params: ChartId,
      responses: { 200: Type.Object({ format: Type.Literal('tessera-geometry/1') }, { additionalProperties: true }) },
      problems: ['not-found'],
    },
    async (call) => {
      const { chart_id } = call.params
      if (!isId('cht', chart_id)) return notFound()
      const known = await deps.documents.geometry(chart_id)
      if (known !== undefined) return sendDocument(call, known)
      if (call.principal === null) return notFound()
      const owner = await ownershipOf(deps, call.principal, 'venues:read:own', 'chart', chart_id)
      if (owner === undefined) return notFound()
      const input = { chart_id, published: false }
      const own = await deps.db.transaction((tx) => readGeometry({ tx }, input), actingFor(owner.organization_id))
      return own === undefined ? notFound() : sendDocument(call, own)
    },
  )
}

function idOf(cursor: string): string | undefined {
  const [id] = decodeCursor(cursor, 1) ?? []
  return typeof id === 'string' && !id.includes('\0') ? id : undefined
}
