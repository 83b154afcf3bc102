import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextModule } from '#platform/context'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { close, type Deps, open } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export { issueTokens } from './issue-tokens.ts'
export { makeAdmin } from './make-admin.ts'
export { type DemoPeople, retireDemoUsers, seedDemoUsers } from './seed-demo.ts'

/** Accounts, sessions, access tokens and their keys, organizations and their teams. */
export const identity: ContextModule<'identity', Deps, ContextRpc, ProductConfig, Permission> = {
  name: 'identity',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  jobs,
  invariants,
  close,
}
