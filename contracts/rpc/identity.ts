import type { OrganizationRole } from '../permissions.ts'

/** A right in an organization; `event_ids` null means all its events. */
export type Membership = { organization_id: string; role: OrganizationRole; event_ids: string[] | null }

export type Person = {
  user_id: string
  guest: boolean
  email: string | null
  first_name: string | null
  last_name: string | null
}

/** A public RSA key as a JSON Web Key (RFC 7517). */
export type PublicKey = { kty: string; kid: string; alg: string; use: string; n: string; e: string }

export type IdentityRpc = {
  memberships(input: { user_id: string }): Promise<Membership[]>
  person(input: { user_id: string }): Promise<Person | null>
  /** The organization as its public pages name it, and whether it may publish. */
  organization(input: {
    organization_id: string
  }): Promise<{ organization_id: string; name: string; approved: boolean } | null>
  /** Public keys that may have signed an access token that is still valid. */
  jwks(input: Record<string, never>): Promise<{ keys: PublicKey[] }>
}
