import { defineContext } from '#platform/context'
import { consumers } from './consumers.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { close, open } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export type { BookingConfig } from './deps.ts'

export const booking = defineContext({
  name: 'booking',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  consumers,
  jobs,
  invariants,
  close,
})
