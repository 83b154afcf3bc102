import { ApprovalQuery, FoundedOrganization, OrganizationParams } from '@tessera/contracts/http/identity'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { Type } from 'typebox'
import { answer, type Http, limitOf, PageQuery, page, pageOf } from '#platform/http'
import { approveOrganization, organizationsByState } from '../approve-organization.ts'
import type { Deps } from '../deps.ts'
import { cursorKey, malformedCursor } from './people.ts'

export function approvalRoutes(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/admin/organizations',
      id: 'listFoundedOrganizations',
      summary: 'The organizations of this installation, by state of approval',
      tag: 'Operating',
      access: 'organizations:approve',
      query: Type.Object({ ...ApprovalQuery, ...PageQuery }),
      responses: { 200: page(FoundedOrganization) },
      problems: ['malformed-request'],
    },
    async ({ query }) => {
      const after = cursorKey(query.cursor)
      if (after === undefined) return malformedCursor()
      const limit = limitOf(query)
      const rows = await organizationsByState(deps.db, { state: query.state ?? null, after, limit: limit + 1 })
      return answer(
        200,
        pageOf(rows, limit, (row) => [row.id]),
        { 'cache-control': 'no-store' },
      )
    },
  )
  http.route(
    {
      method: 'POST',
      url: '/api/v1/admin/organizations/:organization_id/approve',
      id: 'approveOrganization',
      summary: 'Let an organization publish',
      tag: 'Operating',
      access: 'organizations:approve',
      params: OrganizationParams,
      responses: { 200: FoundedOrganization },
      problems: ['not-found'],
    },
    async ({ principal, params }) => {
      const { organization_id } = params
      const approved = isId('org', organization_id)
        ? await approveOrganization(deps.db, { organization_id, admin_id: principal.user_id })
        : undefined
      return approved === undefined ? problem('not-found') : answer(200, approved)
    },
  )
}
