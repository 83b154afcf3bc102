import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import { openLookup } from '#platform/batching'
import type { Deps } from './deps.ts'
import { findOrganization, findPeople } from './names.ts'
import { publicKeys } from './signing-keys.ts'

export function rpc(deps: Deps): IdentityRpc {
  const person = openLookup((user_ids: readonly string[]) => findPeople(deps.db, user_ids))
  return {
    memberships: ({ user_id }) => deps.memberships.of(user_id),
    person: async ({ user_id }) => (await person(user_id)) ?? null,
    organization: ({ organization_id }) => findOrganization(deps.db, organization_id),
    jwks: async () => ({ keys: await publicKeys(deps) }),
  }
}
