import type { OrganizationRole } from '../permissions.ts'

/** Keyed by user or organization. */
export type IdentityEvents = {
  'identity.user_registered': { user_id: string; guest: boolean }
  'identity.member_added': {
    organization_id: string
    user_id: string
    role: OrganizationRole
    event_ids: string[] | null
  }
}
