import {
  AddMemberBody,
  CreateOrganizationBody,
  InvitationBody,
  MemberBody,
  MemberParams,
  OrganizationBody,
  OrganizationParams,
} from '@tessera/contracts/http/identity'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { Type } from 'typebox'
import type { Principal } from '#platform/auth'
import { answer, type Http, limitOf, type Outcome, onceByKey, PageQuery, page, pageOf } from '#platform/http'
import { type AddMemberOutcome, addMember } from '../add-member.ts'
import { createOrganization } from '../create-organization.ts'
import type { Deps } from '../deps.ts'
import { listMembers } from '../list-members.ts'
import { listOrganizations } from '../list-organizations.ts'
import { removeMember } from '../remove-member.ts'
import { announceMembershipsChanged } from '../signals.ts'
import { inviteAnswer } from './invite-answer.ts'
import { cursorKey, malformedCursor } from './people.ts'

export function organizationRoutes(http: Http<Permission>, deps: Deps): void {
  createOrganizationRoute(http, deps)
  listOrganizationsRoute(http, deps)
  addMemberRoute(http, deps)
  listMembersRoute(http, deps)
  removeMemberRoute(http, deps)
}

function createOrganizationRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/organizations',
      id: 'createOrganization',
      summary: 'Create an organization; you become its organizer',
      tag: 'Identity',
      access: 'organizations:create',
      body: CreateOrganizationBody,
      responses: { 201: OrganizationBody },
      problems: ['invalid-input', 'limit-exceeded'],
    },
    async (call) => {
      const { user_id } = call.principal
      const result = await onceByKey(deps.db, call.idempotency, async (tx): Promise<Outcome> => {
        const approved = !deps.organizations_wait
        const outcome = await createOrganization(tx, { user_id, name: call.body.name, approved })
        switch (outcome.kind) {
          case 'created': {
            const { organization_id, name, created_at } = outcome
            return answer(201, { id: organization_id, name, role: 'organizer', event_ids: null, approved, created_at })
          }
          case 'invalid-input':
            return problem('invalid-input', 'Look at the fields named below.', { errors: outcome.errors })
          case 'limit-exceeded':
            return problem('limit-exceeded', `One person may found ${outcome.organizations_max} organizations.`)
        }
      })
      if (result.kind === 'answer') announceMembershipsChanged(deps.signals, user_id)
      return result
    },
  )
}

function listOrganizationsRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/organizations',
      id: 'listOrganizations',
      summary: 'The organizations you belong to',
      tag: 'Identity',
      access: 'profile:read:own',
      query: Type.Object(PageQuery),
      responses: { 200: page(OrganizationBody) },
      problems: ['malformed-request'],
    },
    async (call) => {
      const after = cursorKey(call.query.cursor)
      if (after === undefined) return malformedCursor()
      const limit = limitOf(call.query)
      const rows = await listOrganizations(deps.db, { user_id: call.principal.user_id, after, limit: limit + 1 })
      return answer(
        200,
        pageOf(rows, limit, (row) => [row.id]),
      )
    },
  )
}

function addMemberRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/organizations/:organization_id/members',
      id: 'addMember',
      summary:
        'Take an account into the team (201; on a public origin invite the address, 202), or change a right (200)',
      tag: 'Identity',
      access: 'organizations:manage:own',
      params: OrganizationParams,
      body: AddMemberBody,
      responses: { 200: MemberBody, 201: MemberBody, 202: InvitationBody },
      problems: ['not-found', 'invalid-input', 'limit-exceeded', 'conflict'],
    },
    async (call) => {
      const { organization_id } = call.params
      if (!(await mayManage(deps, call, organization_id))) return problem('not-found')
      const { email, role, event_ids = null } = call.body
      const members_only = !deps.direct_members
      let user_id: string | undefined
      let invites = false
      const result = await onceByKey(deps.db, call.idempotency, async (tx): Promise<Outcome> => {
        const outcome = await addMember(tx, { organization_id, email, role, event_ids, members_only })
        if (outcome.kind === 'added' || outcome.kind === 'changed') user_id = outcome.member.user_id
        invites = outcome.kind === 'no-account' && members_only
        return addedAnswer(outcome)
      })
      if (user_id !== undefined) announceMembershipsChanged(deps.signals, user_id)
      if (!invites) return result
      return inviteAnswer(deps, { organization_id, invited_by: call.principal.user_id, email, role, event_ids })
    },
  )
}

function addedAnswer(outcome: AddMemberOutcome): Outcome {
  switch (outcome.kind) {
    case 'added':
    case 'changed':
      // The name of an account's owner is not revealed to everyone who can type its address.
      return answer(outcome.kind === 'added' ? 201 : 200, { ...outcome.member, first_name: null, last_name: null })
    case 'not-found':
      return problem('not-found')
    case 'no-account': {
      const detail = 'No account uses this address yet. Ask them to register first, then add them.'
      return problem('invalid-input', detail, { errors: [{ pointer: '/email', detail: 'has no account yet' }] })
    }
    case 'limit-exceeded':
      return problem('limit-exceeded', `A team may have ${outcome.members_max} people.`)
    case 'last-organizer':
      return problem('conflict', 'An organization keeps at least one organizer for all its events.')
  }
}

function listMembersRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/organizations/:organization_id/members',
      id: 'listMembers',
      summary: 'The team of your organization',
      tag: 'Identity',
      access: 'organizations:manage:own',
      params: OrganizationParams,
      query: Type.Object(PageQuery),
      responses: { 200: page(MemberBody) },
      problems: ['not-found', 'malformed-request'],
    },
    async (call) => {
      const { organization_id } = call.params
      if (!(await mayManage(deps, call, organization_id))) return problem('not-found')
      const after = cursorKey(call.query.cursor)
      if (after === undefined) return malformedCursor()
      const limit = limitOf(call.query)
      const rows = await listMembers(deps.db, { organization_id, after, limit: limit + 1 })
      // Every organization has an organizer, so an empty team means an unknown organization.
      if (rows.length === 0 && after === null) return problem('not-found')
      return answer(
        200,
        pageOf(rows, limit, (row) => [row.user_id]),
      )
    },
  )
}

function removeMemberRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/organizations/:organization_id/members/:user_id',
      id: 'removeMember',
      summary: 'Remove a member from the team of your organization, or leave it',
      tag: 'Identity',
      // Any member may leave; removing others is checked below.
      access: 'profile:update:own',
      params: MemberParams,
      responses: { 204: Type.Null() },
      problems: ['not-found', 'conflict'],
    },
    async (call) => {
      const { organization_id, user_id } = call.params
      const leaves = user_id === call.principal.user_id
      if (!leaves && !(await deps.access.may(call.principal, 'organizations:manage:own'))) return problem('forbidden')
      if (!isId('org', organization_id) || !isId('usr', user_id)) return problem('not-found')
      if (!leaves && !(await mayManage(deps, call, organization_id))) return problem('not-found')
      const outcome = await deps.db.transaction((tx) => removeMember(tx, { organization_id, user_id }))
      switch (outcome.kind) {
        case 'removed':
          announceMembershipsChanged(deps.signals, user_id)
          return answer(204, null)
        case 'not-found':
          return problem('not-found')
        case 'last-organizer':
          return problem('conflict', 'An organization keeps at least one organizer for all its events.')
      }
    },
  )
}

export async function mayManage(deps: Deps, call: { principal: Principal }, organization_id: string): Promise<boolean> {
  if (!isId('org', organization_id)) return false
  return deps.access.mayIn(call.principal, 'organizations:manage:own', { organization_id })
}
