import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { Access, Principal } from '#platform/auth'
import { loadSql, type Queryable } from '#platform/db'

const sql = loadSql(import.meta.url, [
  'place_of_event',
  'place_of_performance',
  'place_of_tier',
  'place_of_venue',
  'place_of_chart',
])

/** The organization of an object, and its event if it belongs to one. */
export type Ownership = { organization_id: string; event_id: string | null }
export type OwnEvent = { organization_id: string; event_id: string }

/** Transaction options under which row-level security reads and writes that organization's rows, and no others. */
export function actingFor(organization_id: string): { settings: Readonly<Record<string, string>> } {
  return { settings: { 'tessera.organizations': organization_id } }
}

const KINDS = {
  event: { prefix: 'evt', statement: sql.place_of_event },
  performance: { prefix: 'perf', statement: sql.place_of_performance },
  tier: { prefix: 'tier', statement: sql.place_of_tier },
  venue: { prefix: 'ven', statement: sql.place_of_venue },
  chart: { prefix: 'cht', statement: sql.place_of_chart },
} as const

/** Belongs to nobody, so that an unknown id costs the same rights check as another tenant's. */
const NOBODY: Ownership = { organization_id: 'org_0', event_id: null }

type Deps = {
  /** Reads every tenant's rows. */
  everything: Queryable
  access: Access<Permission>
}

/**
 * The organization and event of the object, when this principal has that permission on it. Undefined for unknown
 * objects and for those of others: the two must be indistinguishable.
 */
export async function ownershipOf(
  deps: Deps,
  principal: Principal,
  permission: Permission,
  kind: keyof typeof KINDS,
  id: string,
): Promise<Ownership | undefined> {
  const { prefix, statement } = KINDS[kind]
  const own = isId(prefix, id) ? await deps.everything.maybe<Ownership>(statement, { id }) : undefined
  const { organization_id, event_id } = own ?? NOBODY
  const may = await deps.access.mayIn(principal, permission, {
    organization_id,
    ...(event_id === null ? {} : { event_id }),
  })
  return may ? own : undefined
}

/** The organization and the event of an event or of something below it; undefined as with `ownershipOf`. */
export async function ownEventOf(
  deps: Deps,
  principal: Principal,
  permission: Permission,
  kind: 'event' | 'performance' | 'tier',
  id: string,
): Promise<OwnEvent | undefined> {
  const own = await ownershipOf(deps, principal, permission, kind, id)
  if (own === undefined || own.event_id === null) return undefined
  return { organization_id: own.organization_id, event_id: own.event_id }
}

export type ChosenOrganization =
  | { kind: 'chosen'; organization_id: string; name: string }
  | { kind: 'not-found' }
  | { kind: 'several-organizations' }

/**
 * The organization of a new object: the one named, when the principal has the permission there; otherwise the only one
 * where they have it.
 */
export async function chooseOrganization(
  deps: { access: Access<Permission>; identity: IdentityRpc },
  principal: Principal,
  permission: Permission,
  given: string | undefined,
): Promise<ChosenOrganization> {
  const fitting = given === undefined ? await organizationsWith(deps.access, principal, permission) : [given]
  const [organization_id, ...others] = fitting
  if (organization_id === undefined || others.length > 0) return { kind: 'several-organizations' }
  const may = isId('org', organization_id) && (await deps.access.mayIn(principal, permission, { organization_id }))
  if (!may) return { kind: 'not-found' }
  const organization = await deps.identity.organization({ organization_id })
  return organization === null ? { kind: 'not-found' } : { kind: 'chosen', organization_id, name: organization.name }
}

/** Only rights over all events of an organization count: a new object belongs to no event yet. Admins must name one. */
async function organizationsWith(
  access: Access<Permission>,
  principal: Principal,
  permission: Permission,
): Promise<string[]> {
  const organizations = await access.organizationsWith(principal, permission)
  if (organizations === 'all') return []
  const fits = await Promise.all(
    organizations.map((organization_id) => access.mayIn(principal, permission, { organization_id })),
  )
  return organizations.filter((_, n) => fits[n] === true)
}
