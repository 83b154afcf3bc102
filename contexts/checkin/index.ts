import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextModule } from '#platform/context'
import { consumers } from './consumers.ts'
import { type Deps, open } from './deps.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

/** The door: every ticket lets one person in, once. */
export const checkin: ContextModule<'checkin', Deps, ContextRpc, ProductConfig, Permission> = {
  name: 'checkin',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  consumers,
  jobs,
  invariants,
}
