import { defineContext } from '#platform/context'
import { consumers } from './consumers.ts'
import { closeBooking, openBooking } from './deps.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export type { BookingConfig } from './deps.ts'

export const booking = defineContext({
  name: 'booking',
  sql: new URL('./sql/', import.meta.url),
  open: openBooking,
  routes,
  rpc,
  consumers,
  jobs,
  invariants,
  close: closeBooking,
})
