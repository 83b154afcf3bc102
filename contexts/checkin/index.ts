import { defineContext } from '#platform/context'
import { consumers } from './consumers.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { open } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

/** Check-in: admits the holder of every ticket once. */
export const checkin = defineContext({
  name: 'checkin',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  consumers,
  jobs,
  invariants,
})
