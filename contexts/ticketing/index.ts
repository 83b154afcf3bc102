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

/** Tickets: what a confirmed booking turns into, and what its holder carries to the door. */
export const ticketing: ContextModule<'ticketing', Deps, ContextRpc, ProductConfig, Permission> = {
  name: 'ticketing',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  consumers,
  jobs,
  invariants,
  close: async (deps) => deps.stop(),
}
