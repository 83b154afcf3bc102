import type { Venue } from '@tessera/contracts/http/catalog'
import { loadSql, type Queryable } from '#platform/db'

const sql = loadSql(import.meta.url, ['venue', 'venues_of'])

type Deps = { tx: Queryable }

/** What `tx` may see: its organization's venues, or for the public those of published events. */
export function readVenue(deps: Deps, input: { venue_id: string }): Promise<Venue | undefined> {
  return deps.tx.maybe<Venue>(sql.venue, { id: input.venue_id })
}

/** Newest first, `limit` at most, those before the id `before`; null organizations are all that `tx` may see. */
export function listVenues(
  deps: Deps,
  input: { organization_ids: readonly string[] | null; before: string | null; limit: number },
): Promise<Venue[]> {
  return deps.tx.many<Venue>(sql.venues_of, input)
}
