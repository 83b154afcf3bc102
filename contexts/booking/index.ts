import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextModule } from '#platform/context'
import { consumers } from './consumers.ts'
import { type BookingDeps, closeBooking, openBooking } from './deps.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export const booking: ContextModule<'booking', BookingDeps, ContextRpc, ProductConfig, Permission> = {
  name: 'booking',
  sql: new URL('./sql/', import.meta.url),
  open: openBooking,
  routes,
  rpc,
  consumers,
  jobs,
  invariants,
  close: closeBooking,
}
