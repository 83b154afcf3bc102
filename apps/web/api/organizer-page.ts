import 'server-only'
import type { Event } from './bodies.ts'
import { getEvent, listEvents } from './operations.ts'
import { Problem } from './problem.ts'
import { type Seen, seen } from './seen.ts'
import { currentUser } from './visitor.ts'

const EVENTS_MAX = 50

/** The events of the organizations that this visitor works for, soonest first; refused without an account. */
export function myEvents(): Promise<Seen<Event[]>> {
  return seen(async (visitor) => {
    const user = await currentUser()
    if (!user) throw new Problem('unauthenticated', 401)
    if (user.guest) throw new Problem('forbidden', 403)
    const pages = await Promise.all(
      user.organizations.map(({ id }) => listEvents({ organization_id: id, limit: EVENTS_MAX, sort: 'date' }, visitor)),
    )
    return Promise.all(pages.flatMap((page) => page.items).map((item) => getEvent(item.id, visitor)))
  })
}
