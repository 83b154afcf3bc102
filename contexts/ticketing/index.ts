import { defineContext } from '#platform/context'
import { consumers } from './consumers.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { open } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export type { TicketingConfig } from './deps.ts'

/** Ticketing: issues the tickets of confirmed bookings and shows them to their holders. */
export const ticketing = defineContext({
  name: 'ticketing',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  consumers,
  jobs,
  invariants,
  close: (deps) => deps.close(),
})
