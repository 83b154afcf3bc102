import { Event, EventChange, EventFilter, EventInput, EventListItem, Published } from '@tessera/contracts/http/catalog'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { type Static, Type } from 'typebox'
import type { Principal } from '#platform/auth'
import { sendDocument } from '#platform/cache'
import type { Tx } from '#platform/db'
import { answer, type Call, type Http, limitOf, type Outcome, onceByKey, PageQuery, page } from '#platform/http'
import { ifMatch, notFound, refused, refuseOrganization, versionTag } from '../answers.ts'
import { cancelEvent } from '../cancel-event.ts'
import { createEvent } from '../create-event.ts'
import type { Deps } from '../deps.ts'
import type { EventDocument } from '../documents.ts'
import { type EventPage, listOwnEvents } from '../list-events.ts'
import { eventCursor, eventPosition, nextLink } from '../paging.ts'
import { publish } from '../publish.ts'
import { readEvent } from '../read-event.ts'
import { actingFor, chooseOrganization, ownEventOf, ownershipOf } from '../tenant.ts'
import { updateEvent } from '../update-event.ts'
import { organizerWrite, writeTo } from './organizer-write.ts'

const EventId = Type.Object({ event_id: Type.String({ maxLength: 64 }) })
const EventQuery = Type.Object({ ...EventFilter, ...PageQuery })
const PRIVATE = { 'cache-control': 'private, no-cache' }

const UNAPPROVED = 'An admin of this installation has yet to approve your organization; until then it can only draft.'

export function eventRoutes(http: Http<Permission>, deps: Deps): void {
  createEventRoute(http, deps)
  listEventsRoute(http, deps)
  getEventRoute(http, deps)
  updateEventRoute(http, deps)
  cancelEventRoute(http, deps)
  publishEventRoute(http, deps)
}

function createEventRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/events',
      id: 'createEvent',
      summary: 'Draft an event',
      tag: 'catalog',
      access: 'events:create:own',
      body: EventInput,
      responses: { 201: Event },
      problems: ['not-found', 'invalid-input', 'limit-exceeded'],
    },
    async (call) => {
      const { organization_id: given } = call.body
      const organization = await chooseOrganization(deps, call.principal, 'events:create:own', given)
      if (organization.kind !== 'chosen') return refuseOrganization(organization)
      const { organization_id, name: organizer_name } = organization
      return onceByKey(
        deps.db,
        call.idempotency,
        async (tx) => {
          const outcome = await createEvent(
            { tx, limits: deps.limits },
            { ...call.body, organization_id, organizer_name },
          )
          if (outcome.kind !== 'created') return refused(outcome)
          const location = `/api/v1/events/${outcome.event.id}`
          return answer(201, outcome.event, { ...versionTag(outcome.version), location })
        },
        actingFor(organization_id),
      )
    },
  )
}

function listEventsRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/events',
      id: 'listEvents',
      summary: 'List published events; with organization_id and rights there, its own events, drafts included',
      tag: 'catalog',
      access: 'public',
      query: EventQuery,
      responses: { 200: page(EventListItem) },
      problems: ['malformed-request'],
    },
    (call) => list(deps, call),
  )
}

function getEventRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/events/:event_id',
      id: 'getEvent',
      summary: 'Read an event with its performances and tiers',
      tag: 'catalog',
      access: 'public',
      params: EventId,
      responses: { 200: Event },
      problems: ['not-found'],
    },
    (call) => {
      const { event_id } = call.params
      if (!isId('evt', event_id)) return notFound()
      const found = deps.documents.event(event_id)
      return found instanceof Promise ? found.then((read) => show(deps, call, read)) : show(deps, call, found)
    },
  )
}

function updateEventRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'PUT',
      url: '/api/v1/events/:event_id',
      id: 'updateEvent',
      summary: 'Change an event; absent fields stay as they are',
      tag: 'catalog',
      access: 'events:update:own',
      params: EventId,
      body: EventChange,
      responses: { 200: Event },
      problems: ['not-found', 'precondition-failed', 'invalid-input', 'conflict', 'unavailable'],
    },
    (call) => {
      const { event_id } = call.params
      return writeTo(deps, call, { kind: 'event', id: event_id }, 'sale-opened', async (tx, own) => {
        const outcome = await updateEvent({ tx }, { ...own, change: call.body, ...ifMatch(call) })
        return outcome.kind === 'updated' ? ownEvent(tx, event_id) : refused(outcome)
      })
    },
  )
}

function cancelEventRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/events/:event_id',
      id: 'cancelEvent',
      summary: 'Cancel an event: its sale ends and buyers of performances that have not ended are refunded',
      tag: 'catalog',
      access: 'events:cancel:own',
      params: EventId,
      responses: { 200: Event },
      problems: ['not-found', 'conflict', 'unavailable'],
    },
    (call) => {
      const target = { kind: 'event', id: call.params.event_id, permission: 'events:cancel:own' } as const
      return writeTo(deps, call, target, 'sale-ended', async (tx, own) => {
        const outcome = await cancelEvent({ tx }, own)
        return outcome.kind === 'cancelled' ? ownEvent(tx, own.event_id) : refused(outcome)
      })
    },
  )
}

function publishEventRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/events/:event_id/publish',
      id: 'publishEvent',
      summary: 'Put an event on sale, with everything added since the last publication',
      tag: 'catalog',
      access: 'events:publish:own',
      params: EventId,
      responses: { 200: Published },
      problems: ['not-found', 'conflict', 'not-publishable', 'unavailable'],
    },
    async (call) => {
      const { event_id } = call.params
      const own = await ownEventOf(deps, call.principal, 'events:publish:own', 'event', event_id)
      if (own === undefined) return notFound()
      const approved = (await deps.identity.organization({ organization_id: own.organization_id }))?.approved === true
      const charge_limits = await deps.payment.charge_limits()
      return organizerWrite(deps, call, own, 'sale-opened', async (tx) => {
        const outcome = await publish({ tx, charge_limits }, { ...own, approved })
        switch (outcome.kind) {
          case 'published':
            return ownEvent(tx, event_id, { warnings: outcome.warnings })
          case 'cancelled':
            return problem('conflict', 'The event was cancelled.')
          case 'unapproved':
            return problem('not-publishable', UNAPPROVED, {
              errors: [{ pointer: '/organization_id', detail: UNAPPROVED }],
            })
          case 'not-publishable':
            return problem('not-publishable', 'errors names what is missing.', { errors: outcome.errors })
          default:
            return refused(outcome)
        }
      })
    },
  )
}

/** The event as its organization sees it, with its version as tag. */
async function ownEvent(tx: Tx, event_id: string, members: object = {}): Promise<Outcome> {
  const read = await readEvent({ tx }, { event_id, drafts: true })
  return read === undefined ? notFound() : answer(200, { ...read.event, ...members }, versionTag(read.version))
}

/** The public page; drafts and unpublished changes for its organization only. */
function show(
  deps: Deps,
  call: Call<Static<typeof EventId>>,
  found: EventDocument | undefined,
): Outcome | Promise<Outcome> {
  const mayHaveMore = call.principal !== null && !call.principal.guest && (found === undefined || found.pending)
  if (mayHaveMore) return showOwn(deps, call, call.principal, found)
  return found === undefined ? notFound() : sendDocument(call, found.document)
}

async function showOwn(
  deps: Deps,
  call: Call<Static<typeof EventId>>,
  principal: Principal | null,
  found: EventDocument | undefined,
): Promise<Outcome> {
  const { event_id } = call.params
  const own = principal === null ? undefined : await ownershipOf(deps, principal, 'events:read:own', 'event', event_id)
  if (own === undefined) return found === undefined ? notFound() : sendDocument(call, found.document)
  const read = await deps.db.transaction((tx) => readEvent({ tx }, { event_id, drafts: true }), {
    ...actingFor(own.organization_id),
    isolation: 'repeatable read',
    read_only: true,
  })
  return read === undefined ? notFound() : answer(200, read.event, { ...PRIVATE, ...versionTag(read.version) })
}

async function list(deps: Deps, call: Call<unknown, Static<typeof EventQuery>>): Promise<Outcome> {
  const { limit: _, cursor, sort = 'date', ...filter } = call.query
  const limit = limitOf(call.query)
  const after = cursor === undefined ? null : eventPosition(sort, cursor)
  if (after === undefined) return problem('malformed-request', 'This cursor is not one of ours, or of another sort.')
  const encode = (found: EventPage): { body: { next_cursor: string | null }; headers: Record<string, string> } => {
    const next_cursor = found.next === null ? null : eventCursor(sort, found.next)
    const query = { ...filter, ...(call.query.sort === undefined ? {} : { sort }), limit }
    return {
      body: { items: found.items, next_cursor } as { next_cursor: string | null },
      headers: nextLink('/api/v1/events', query, next_cursor),
    }
  }
  const { organization_id } = filter
  if (organization_id !== undefined && (await seesDrafts(deps, call.principal, organization_id))) {
    const found = await deps.db.transaction(
      (tx) => listOwnEvents({ tx }, { ...filter, organization_id, limit, after }),
      actingFor(organization_id),
    )
    const { body, headers } = encode(found)
    return answer(200, body, { ...PRIVATE, ...headers })
  }
  const document = await deps.documents.list({ ...filter, sort, limit, after }, encode)
  if (document === undefined) throw new Error('A list is never absent')
  return sendDocument(call, document)
}

async function seesDrafts(deps: Deps, principal: Principal | null, organization_id: string): Promise<boolean> {
  if (principal === null || principal.guest || !isId('org', organization_id)) return false
  return deps.access.mayIn(principal, 'events:read:own', { organization_id })
}
