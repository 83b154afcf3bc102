/** Global roles sit on the account; organization roles on a membership and count only within that organization. */
export type GlobalRole = 'guest' | 'attendee' | 'admin'
export type OrganizationRole = 'organizer' | 'box_office' | 'staff'
export type Role = GlobalRole | OrganizationRole

/** `resource:action`, `:own` meaning the principal's own objects or those of their organization. */
export type Permission =
  | 'profile:read:own'
  | 'profile:update:own'
  | 'organizations:create'
  | 'organizations:approve'
  | 'organizations:manage:own'
  | 'venues:create:own'
  | 'venues:read:own'
  | 'charts:create:own'
  | 'events:create:own'
  | 'events:read:own'
  | 'events:update:own'
  | 'events:publish:own'
  | 'events:cancel:own'
  | 'blocks:manage:own'
  | 'sales:read:own'
  | 'bookings:create'
  | 'bookings:read:own'
  | 'bookings:cancel:own'
  | 'payments:create:own'
  | 'payments:read:own'
  | 'payments:refund:own'
  | 'tickets:read:own'
  | 'tickets:scan'
  | 'checkins:read'
  | 'integrity:read'
  | 'dead-letters:redrive'
  | 'ledger:read'

const BUYER: readonly Permission[] = [
  'bookings:create',
  'bookings:read:own',
  'bookings:cancel:own',
  'payments:create:own',
  'payments:read:own',
  'tickets:read:own',
]

/** The one table of permissions: the code reads it, the authorization matrix is generated from it. Admin may do all. */
export const PERMISSIONS: Readonly<Record<Role, readonly Permission[] | '*'>> = {
  guest: [...BUYER, 'profile:read:own'],
  attendee: [...BUYER, 'profile:read:own', 'profile:update:own', 'organizations:create'],
  staff: ['events:read:own', 'tickets:scan', 'checkins:read'],
  box_office: ['events:read:own', 'tickets:scan', 'checkins:read', 'sales:read:own', 'blocks:manage:own'],
  organizer: [
    'organizations:manage:own',
    'venues:create:own',
    'venues:read:own',
    'charts:create:own',
    'events:create:own',
    'events:read:own',
    'events:update:own',
    'events:publish:own',
    'events:cancel:own',
    'blocks:manage:own',
    'sales:read:own',
    'payments:refund:own',
    'tickets:scan',
    'checkins:read',
  ],
  admin: '*',
}

export function roleMay(role: Role, permission: Permission): boolean {
  const granted = PERMISSIONS[role]
  return granted === '*' || granted.includes(permission)
}

/** Permissions that come with a membership, so that a check must look the memberships up. */
export function needsMembership(permission: Permission): boolean {
  return !roleMay('attendee', permission)
}
