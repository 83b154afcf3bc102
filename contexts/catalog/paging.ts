import type { EventSort } from '@tessera/contracts/http/catalog'
import { decodeCursor, encodeCursor } from '#platform/http'
import type { ListPosition } from './list-events.ts'

/** A position as clients receive it, valid for its own sort order only. */
export function eventCursor(sort: EventSort, position: ListPosition): string {
  return encodeCursor([sort, position.start_time ?? '', position.n, position.t, position.id])
}

/** Undefined for a cursor that we never issued. */
export function eventPosition(sort: EventSort, cursor: string): ListPosition | undefined {
  const [made_for, start_time, n, t, id] = decodeCursor(cursor, 5) ?? []
  if (made_for !== sort || typeof start_time !== 'string' || typeof t !== 'string' || typeof id !== 'string')
    return undefined
  if (!Number.isSafeInteger(n) || typeof n !== 'number' || [t, id].some((text) => text.includes('\0'))) return undefined
  if (start_time !== '' && Number.isNaN(Date.parse(start_time))) return undefined
  return { start_time: start_time === '' ? null : start_time, n, t, id }
}

/** The `Link` header to the next page (RFC 8288), or none. */
export function nextLink(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
  cursor: string | null,
): Record<string, string> {
  if (cursor === null) return {}
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, cursor }))
    if (value !== undefined) params.set(name, String(value))
  return { link: `<${path}?${params}>; rel="next"` }
}
