import type { OrganizationRole } from '../permissions.ts'

/** Keyed by user or organization; an adoption by its guest. */
export type IdentityEvents = {
  'identity.user_registered': { user_id: string; guest: boolean }
  /** A guest signed in, or up, with their session: what they hold and bought is the account's. */
  'identity.guest_adopted': { guest_id: string; user_id: string }
  'identity.member_added': {
    organization_id: string
    user_id: string
    role: OrganizationRole
    event_ids: string[] | null
  }
  'identity.member_removed': { organization_id: string; user_id: string }
}
