import type { Principal } from './principal.ts'

export type MembershipRow = { organization_id: string; role: string; event_ids: string[] | null }

export type AccessOptions<Permission extends string> = {
  /** The permission table. */
  roleMay(role: string, permission: Permission): boolean
  memberships(user_id: string): Promise<MembershipRow[]>
}

/**
 * The two checks of rights. A missing role is 403; an object of another tenant is 404: the caller chooses the check.
 */
export type Access<Permission extends string = string> = {
  /** True when any role of the principal has this permission, in any organization. */
  may(principal: Principal, permission: Permission): Promise<boolean>
  /**
   * True when the principal has this permission in that organization (and for that event, where the membership is
   * limited to some).
   */
  mayIn(
    principal: Principal,
    permission: Permission,
    place: { organization_id: string; event_id?: string },
  ): Promise<boolean>
  /** The organizations in which the principal has this permission; `'all'` for admins. */
  organizationsWith(principal: Principal, permission: Permission): Promise<string[] | 'all'>
}

export function createAccess<Permission extends string>(options: AccessOptions<Permission>): Access<Permission> {
  const globally = (principal: Principal, permission: Permission): boolean =>
    principal.roles.some((role) => options.roleMay(role, permission))
  const granting = async (principal: Principal, permission: Permission): Promise<MembershipRow[]> =>
    (await options.memberships(principal.user_id)).filter((row) => options.roleMay(row.role, permission))
  return {
    may: async (principal, permission) =>
      globally(principal, permission) || (await granting(principal, permission)).length > 0,
    mayIn: async (principal, permission, place) => {
      if (principal.roles.includes('admin')) return true
      return (await granting(principal, permission)).some(
        (row) =>
          row.organization_id === place.organization_id &&
          (row.event_ids === null || (place.event_id !== undefined && row.event_ids.includes(place.event_id))),
      )
    },
    organizationsWith: async (principal, permission) => {
      if (principal.roles.includes('admin')) return 'all'
      return [...new Set((await granting(principal, permission)).map((row) => row.organization_id))]
    },
  }
}
