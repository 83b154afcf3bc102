import 'server-only'
import type { Event } from './bodies.ts'
import { getEvent, listEvents } from './operations.ts'
import { asVisitor, currentUser } from './visitor.ts'

const EVENTS_MAX = 50

/** The events of the organizations that this visitor works for, soonest first; null without a session. */
export async function myEvents(): Promise<Event[] | null> {
  const user = await currentUser()
  if (!user || user.guest) return null
  const visitor = await asVisitor()
  const pages = await Promise.all(
    user.organizations.map(({ id }) => listEvents({ organization_id: id, limit: EVENTS_MAX, sort: 'date' }, visitor)),
  )
  return Promise.all(pages.flatMap((page) => page.items).map((item) => getEvent(item.id, visitor)))
}
