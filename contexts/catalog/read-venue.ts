import type { Venue } from '@tessera/contracts/http/catalog'
import { loadSql, type Queryable } from '#platform/db'

const sql = loadSql(import.meta.url, ['venue', 'venues_of'])

type Deps = { tx: Queryable }

/** A venue that `tx` may see: its organization's, or for the public one of a published event. */
export function readVenue(deps: Deps, input: { venue_id: string }): Promise<Venue | undefined> {
  return deps.tx.maybe<Venue>(sql.venue, { id: input.venue_id })
}

/** Newest first, at most `limit`, before the id `before`; null organizations: all that `tx` may see. */
export function listVenues(
  deps: Deps,
  input: { organization_ids: readonly string[] | null; before: string | null; limit: number },
): Promise<Venue[]> {
  return deps.tx.many<Venue>(sql.venues_of, input)
}
