import type { Permission } from '@tessera/contracts/permissions'
import type { Http } from '#platform/http'
import type { Deps } from './deps.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { authRoutes } from './routes/auth.ts'
import { invitationRoutes } from './routes/invitations.ts'
import { organizationRoutes } from './routes/organizations.ts'
import { peopleRoutes } from './routes/people.ts'

export function routes(http: Http<Permission>, deps: Deps): void {
  authRoutes(http, deps)
  peopleRoutes(http, deps)
  organizationRoutes(http, deps)
  approvalRoutes(http, deps)
  invitationRoutes(http, deps)
}
