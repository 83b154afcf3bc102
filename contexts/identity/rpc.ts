import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { Deps } from './deps.ts'
import { findOrganization, findPerson } from './names.ts'
import { publicKeys } from './signing-keys.ts'

export function rpc(deps: Deps): IdentityRpc {
  return {
    memberships: ({ user_id }) => deps.memberships.of(user_id),
    person: ({ user_id }) => findPerson(deps.db, user_id),
    organization: ({ organization_id }) => findOrganization(deps.db, organization_id),
    jwks: async () => ({ keys: await publicKeys(deps) }),
  }
}
