import 'server-only'
import type { EventListItem } from '../../api/bodies.ts'
import { listEvents } from '../../api/operations.ts'
import { opensLater } from '../event/from-price.ts'

const FRESH_MS = 30_000
const EVENTS_MAX = 100
const CHIPS_MAX = 8

type Overview = { genres: string[]; cities: string[]; next_sale: { event: EventListItem; opens_at: string } | null }
let known: { read_at: number; events: Promise<EventListItem[]> } | undefined

/**
 * What the programme has to choose from: genres and cities by how much is on there, and the next sale to open. Read from
 * the first hundred events at most twice a minute, by one call that everyone shares; it is the same for everybody.
 */
export async function overview(now_ms: number): Promise<Overview> {
  if (!known || now_ms - known.read_at > FRESH_MS) {
    const events = listEvents({ limit: EVENTS_MAX }).then((page) => page.items)
    known = { read_at: now_ms, events }
    events.catch(() => {
      known = undefined
    })
  }
  const events = await known.events
  const opening = events.flatMap((event) => {
    const opens_at = opensLater(event.sale_start, now_ms)
    return opens_at ? [{ event, opens_at }] : []
  })
  opening.sort((a, b) => Date.parse(a.opens_at) - Date.parse(b.opens_at))
  return {
    genres: commonest(events.map((event) => event.genre)),
    cities: commonest(events.map((event) => event.venue.city)),
    next_sale: opening[0] ?? null,
  }
}

/** Values that differ in letter case only are one, as for the filter; the first spelling stands for all. */
function commonest(values: readonly string[]): string[] {
  const counts = new Map<string, { value: string; count: number }>()
  for (const value of values) {
    const key = value.toLocaleLowerCase('en')
    counts.set(key, { value: counts.get(key)?.value ?? value, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  const sorted = [...counts.values()].sort((a, b) => b.count - a.count || a.value.localeCompare(b.value, 'en'))
  return sorted.slice(0, CHIPS_MAX).map(({ value }) => value)
}
