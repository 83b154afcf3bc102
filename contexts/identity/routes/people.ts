import { MeBody, SessionItem, SessionParams, UpdateMeBody, UserBody } from '@tessera/contracts/http/identity'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { Type } from 'typebox'
import {
  answer,
  decodeCursor,
  type Http,
  limitOf,
  type Outcome,
  onceByKey,
  PageQuery,
  page,
  pageOf,
} from '#platform/http'
import type { Deps } from '../deps.ts'
import { listSessions } from '../list-sessions.ts'
import { etagOf, readProfile } from '../profile.ts'
import { revokeSession } from '../revoke-session.ts'
import { cameByCookie, csrfToken } from '../session-answer.ts'
import { announceRevoked } from '../signals.ts'
import { updateProfile } from '../update-profile.ts'

export function peopleRoutes(http: Http<Permission>, deps: Deps): void {
  readMeRoute(http, deps)
  updateMeRoute(http, deps)
  listSessionsRoute(http, deps)
  revokeSessionRoute(http, deps)
}

function readMeRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/users/me',
      id: 'readMe',
      summary: 'Your account',
      tag: 'Identity',
      access: 'profile:read:own',
      responses: { 200: MeBody },
    },
    async (call) => {
      const principal = call.principal
      const user = await readProfile(deps.db, principal.user_id)
      if (user === undefined) return problem('not-found')
      const csrf = cameByCookie(call) ? { csrf_token: csrfToken(deps.secrets, principal.session_id) } : {}
      return answer(200, { ...user, ...csrf }, { etag: etagOf(user), 'cache-control': 'private, no-cache' })
    },
  )
}

function updateMeRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'PATCH',
      url: '/api/v1/users/me',
      id: 'updateMe',
      summary: 'Change your own names',
      tag: 'Identity',
      access: 'profile:update:own',
      body: UpdateMeBody,
      responses: { 200: UserBody },
      problems: ['invalid-input', 'not-found', 'precondition-failed'],
    },
    (call) =>
      onceByKey(deps.db, call.idempotency, async (tx): Promise<Outcome> => {
        const outcome = await updateProfile(tx, {
          user_id: call.principal.user_id,
          first_name: call.body.first_name ?? null,
          last_name: call.body.last_name ?? null,
          if_match: call.headers['if-match'],
        })
        switch (outcome.kind) {
          case 'updated':
            return answer(200, outcome.profile, { etag: etagOf(outcome.profile) })
          case 'invalid-input':
            return problem('invalid-input', 'Look at the fields named below.', { errors: outcome.errors })
          case 'not-found':
            return problem('not-found')
          case 'precondition-failed':
            return problem('precondition-failed', 'Read your profile again and repeat the change.')
        }
      }),
  )
}

function listSessionsRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/users/me/sessions',
      id: 'listSessions',
      summary: 'Your sessions, newest first',
      tag: 'Identity',
      access: 'profile:read:own',
      query: Type.Object(PageQuery),
      responses: { 200: page(SessionItem) },
      problems: ['malformed-request'],
    },
    async (call) => {
      const before = cursorKey(call.query.cursor)
      if (before === undefined) return malformedCursor()
      const { user_id, session_id } = call.principal
      const limit = limitOf(call.query)
      const rows = await listSessions(deps.db, { user_id, current_id: session_id, before, limit: limit + 1 })
      return answer(
        200,
        pageOf(rows, limit, (row) => [row.id]),
      )
    },
  )
}

function revokeSessionRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/users/me/sessions/:session_id',
      id: 'revokeSession',
      summary: 'End one of your sessions',
      tag: 'Identity',
      access: 'session',
      params: SessionParams,
      responses: { 204: Type.Null() },
      problems: ['not-found'],
    },
    async (call) => {
      const { session_id } = call.params
      if (!isId('ses', session_id)) return problem('not-found')
      const { user_id } = call.principal
      const result = await onceByKey(deps.db, call.idempotency, async (tx): Promise<Outcome> => {
        const outcome = await revokeSession(tx, { user_id, session_id })
        switch (outcome.kind) {
          case 'revoked':
            return answer(204, null)
          case 'not-found':
            return problem('not-found')
        }
      })
      if (result.kind === 'answer') announceRevoked(deps.signals, [session_id])
      return result
    },
  )
}

/** The key after which a page begins; null for the first page, undefined for a cursor that we never issued. */
export function cursorKey(cursor: string | undefined): string | null | undefined {
  if (cursor === undefined) return null
  const key = decodeCursor(cursor, 1)?.[0]
  return typeof key === 'string' && isStorable(key) ? key : undefined
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

export function malformedCursor(): Outcome {
  return problem('malformed-request', 'Use the next_cursor of an earlier page.')
}
