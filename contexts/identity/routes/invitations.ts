import {
  AcceptedInvitation,
  AddMemberBody,
  InvitationBody,
  InvitationParams,
  OpenInvitation,
  OpenInvitationParams,
  OrganizationParams,
} from '@tessera/contracts/http/identity'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { Type } from 'typebox'
import { answer, type Http, limitOf, type Outcome, onceByKey, PageQuery, page, pageOf } from '#platform/http'
import { acceptInvitation } from '../accept-invitation.ts'
import type { Deps } from '../deps.ts'
import { listInvitations } from '../list-invitations.ts'
import { listMembers } from '../list-members.ts'
import { announceMembershipsChanged } from '../signals.ts'
import { withdrawInvitation } from '../withdraw-invitations.ts'
import { inviteAnswer } from './invite-answer.ts'
import { mayManage } from './organizations.ts'
import { cursorKey, malformedCursor } from './people.ts'

export function invitationRoutes(http: Http<Permission>, deps: Deps): void {
  inviteRoute(http, deps)
  listRoute(http, deps)
  withdrawRoute(http, deps)
  acceptRoute(http, deps)
}

function inviteRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/organizations/:organization_id/invitations',
      id: 'inviteMember',
      summary: 'Offer a right in your organization to the owner of an address',
      tag: 'Identity',
      access: 'organizations:manage:own',
      params: OrganizationParams,
      body: AddMemberBody,
      responses: { 202: InvitationBody },
      problems: ['not-found', 'invalid-input', 'limit-exceeded'],
    },
    async (call) => {
      const { organization_id } = call.params
      if (!(await mayManage(deps, call, organization_id))) return problem('not-found')
      const { email, role, event_ids = null } = call.body
      return inviteAnswer(deps, { organization_id, invited_by: call.principal.user_id, email, role, event_ids })
    },
  )
}

function listRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/organizations/:organization_id/invitations',
      id: 'listInvitations',
      summary: 'The open invitations of your organization',
      tag: 'Identity',
      access: 'organizations:manage:own',
      params: OrganizationParams,
      query: Type.Object(PageQuery),
      responses: { 200: page(OpenInvitation) },
      problems: ['not-found', 'malformed-request'],
    },
    async (call) => {
      const { organization_id } = call.params
      if (!(await mayManage(deps, call, organization_id))) return problem('not-found')
      const after = cursorKey(call.query.cursor)
      if (after === undefined) return malformedCursor()
      const limit = limitOf(call.query)
      const rows = await listInvitations(deps.db, { organization_id, after, limit: limit + 1 })
      // An admin may name any organization: an existing one has members.
      if (rows.length === 0 && (await listMembers(deps.db, { organization_id, after: null, limit: 1 })).length === 0)
        return problem('not-found')
      return answer(
        200,
        pageOf(rows, limit, (row) => [row.id]),
      )
    },
  )
}

function withdrawRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/organizations/:organization_id/invitations/:invitation_id',
      id: 'withdrawInvitation',
      summary: 'Withdraw an open invitation',
      tag: 'Identity',
      access: 'organizations:manage:own',
      params: OpenInvitationParams,
      responses: { 204: Type.Null() },
      problems: ['not-found'],
    },
    async (call) => {
      const { organization_id, invitation_id } = call.params
      if (!(await mayManage(deps, call, organization_id)) || !isId('inv', invitation_id)) return problem('not-found')
      const outcome = await deps.db.transaction((tx) => withdrawInvitation(tx, { organization_id, invitation_id }))
      return outcome.kind === 'withdrawn' ? answer(204, null) : problem('not-found')
    },
  )
}

function acceptRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/invitations/:token/accept',
      id: 'acceptInvitation',
      summary: 'Accept an invitation to your own address',
      tag: 'Identity',
      access: 'profile:update:own',
      params: InvitationParams,
      responses: { 200: AcceptedInvitation },
      problems: ['not-found', 'limit-exceeded', 'conflict'],
    },
    async (call) => {
      const { user_id } = call.principal
      const result = await onceByKey(deps.db, call.idempotency, async (tx): Promise<Outcome> => {
        const outcome = await acceptInvitation(tx, { token: call.params.token, user_id })
        switch (outcome.kind) {
          case 'accepted': {
            const { organization_id, role, event_ids } = outcome
            return answer(200, { organization_id, role, event_ids })
          }
          case 'not-found':
            return problem('not-found', 'This invitation is not for your address, or its time is over.')
          case 'limit-exceeded':
            return problem('limit-exceeded', `A team may have ${outcome.members_max} people.`)
          case 'last-organizer':
            return problem('conflict', 'An organization keeps at least one organizer for all its events.')
        }
      })
      if (result.kind === 'answer') announceMembershipsChanged(deps.signals, user_id)
      return result
    },
  )
}
