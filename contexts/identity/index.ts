import { defineContext } from '#platform/context'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { close, open } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export type { IdentityConfig } from './deps.ts'
export { issueTokens } from './issue-tokens.ts'
export { makeAdmin } from './make-admin.ts'
export { type DemoPeople, retireDemoUsers, seedDemoUsers } from './seed-demo.ts'

/** Accounts, sessions, access tokens and their keys, organizations and their teams. */
export const identity = defineContext({
  name: 'identity',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  jobs,
  invariants,
  close,
})
