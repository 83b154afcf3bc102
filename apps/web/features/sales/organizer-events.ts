import { type Permission, roleMay } from '@tessera/contracts/permissions'
import type { Event, Performance, User } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'

type Timed = { performances: readonly Pick<Performance, 'id' | 'start_time' | 'end_time'>[] }

/** The performance an event is listed under: the next one that has not ended, else the last one; null without any. */
export function listedPerformance<One extends Timed>(event: One, now_ms: number): One['performances'][number] | null {
  const by_start = event.performances.toSorted((a, b) => Date.parse(a.start_time) - Date.parse(b.start_time))
  return by_start.find(({ end_time }) => Date.parse(end_time) > now_ms) ?? by_start.at(-1) ?? null
}

/** The next event first, then those without a date, then what is over, the latest first. */
export function byDate<One extends Timed>(events: readonly One[], now_ms: number): One[] {
  const dated = events.map((event) => {
    const listed = listedPerformance(event, now_ms)
    const start_ms = listed === null ? 0 : Date.parse(listed.start_time)
    const rank = listed === null ? 1 : Date.parse(listed.end_time) > now_ms ? 0 : 2
    return { event, rank, key: rank === 2 ? -start_ms : start_ms }
  })
  return dated.toSorted((a, b) => a.rank - b.rank || a.key - b.key).map(({ event }) => event)
}

type Member = Pick<User, 'organizations'>

/**
 * Where a member works on an event: the sales for whoever may read them, else the check-in of the performance that is next
 * (all of them, when it is not clear which); null when there is nothing they may open.
 */
export function workplace(user: Member, event: Pick<Event, 'id' | 'organization_id'> & Timed, now_ms: number) {
  if (memberMay(user, 'sales:read:own', event)) return paths.sales(event.id)
  const ahead = event.performances.filter(({ end_time }) => Date.parse(end_time) > now_ms)
  const [only] = ahead
  if (only === undefined || !memberMay(user, 'tickets:scan', event)) return null
  return ahead.length === 1 ? paths.door(only.id) : paths.doors()
}

/** Mirrors the server's rule, which has the last word: the role in the event's organization, as far as it reaches. */
function memberMay({ organizations }: Member, permission: Permission, event: Pick<Event, 'id' | 'organization_id'>) {
  return organizations.some(
    ({ id, role, event_ids }) =>
      id === event.organization_id && roleMay(role, permission) && (event_ids === null || event_ids.includes(event.id)),
  )
}
