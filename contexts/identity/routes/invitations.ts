import {
  AcceptedInvitation,
  AddMemberBody,
  InvitationBody,
  InvitationParams,
  OrganizationParams,
} from '@tessera/contracts/http/identity'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { answer, type Http, type Outcome, onceByKey } from '#platform/http'
import { acceptInvitation } from '../accept-invitation.ts'
import type { Deps } from '../deps.ts'
import { invite } from '../invite.ts'
import { announceMembershipsChanged } from '../signals.ts'
import { mayManage } from './organizations.ts'

export function invitationRoutes(http: Http<Permission>, deps: Deps): void {
  inviteRoute(http, deps)
  acceptRoute(http, deps)
}

function inviteRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/organizations/:organization_id/invitations',
      id: 'inviteMember',
      summary: 'Offer a right in your organization to whoever owns an address',
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
      const invited_by = call.principal.user_id
      // Not remembered by key: the link would lie in the database, and a second invitation does no harm.
      const outcome = await deps.db.transaction((tx) =>
        invite(tx, { organization_id, invited_by, email, role, event_ids }),
      )
      switch (outcome.kind) {
        case 'invited': {
          const { invitation_id, token, expires_at } = outcome
          const invitation_url = `${deps.public_origin}/invitations/${token}`
          return answer(202, { id: invitation_id, invitation_url, expires_at }, { 'cache-control': 'no-store' })
        }
        case 'not-found':
          return problem('not-found')
        case 'invalid-email': {
          const errors = [{ pointer: '/email', detail: 'is not an e-mail address' }]
          return problem('invalid-input', 'Look at the fields named below.', { errors })
        }
        case 'limit-exceeded':
          return problem('limit-exceeded', `${outcome.invitations_max} invitations may wait for an answer.`)
      }
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
