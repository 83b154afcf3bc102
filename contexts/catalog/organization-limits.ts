import { loadSql, type Tx } from '#platform/db'

/** Limits of one organization. */
export type OrganizationLimits = {
  readonly venues: number
  readonly charts: number
  readonly events: number
  /** Of stored charts, compressed. */
  readonly chart_bytes: number
}

export type LimitExceeded = { kind: 'limit-exceeded'; detail: string }

type Kind = 'venues' | 'charts' | 'events'

const sql = loadSql(import.meta.url, ['lock_organization', 'count_venues', 'count_events', 'count_charts'])
const COUNTS = { venues: sql.count_venues, events: sql.count_events, charts: sql.count_charts }

/**
 * Refuses one more of a kind, or so many more bytes of charts, than the organization may have; null: there is room.
 * Creations of the organization wait for each other until `tx`, which acts for it, ends: together they cannot exceed.
 */
export async function refuseBeyondLimits(
  tx: Tx,
  input: { organization_id: string; kind: Kind; limits: OrganizationLimits; bytes?: number },
): Promise<LimitExceeded | null> {
  const { organization_id, kind, limits, bytes = 0 } = input
  await tx.one(sql.lock_organization, { organization_id })
  const have = await tx.one<{ count: number; bytes: number }>(COUNTS[kind], { organization_id })
  if (have.count >= limits[kind])
    return { kind: 'limit-exceeded', detail: `An organization may have ${limits[kind]} ${kind} here.` }
  if (have.bytes + bytes > limits.chart_bytes)
    return {
      kind: 'limit-exceeded',
      detail: `The charts of an organization may take ${limits.chart_bytes} bytes here.`,
    }
  return null
}
