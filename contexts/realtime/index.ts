import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextModule } from '#platform/context'
import { consumers } from './consumers.ts'
import { openRealtime, type RealtimeDeps } from './deps.ts'
import { trimChanges } from './project.ts'
import { routes } from './routes.ts'

/** The picture of what is taken: documents, deltas by version, streams. */
export const realtime: ContextModule<'realtime', RealtimeDeps, ContextRpc, ProductConfig, Permission> = {
  name: 'realtime',
  sql: new URL('./sql/', import.meta.url),
  open: openRealtime,
  routes,
  consumers,
  jobs: (deps) => [
    { name: 'realtime.trim-changes', cron: '*/5 * * * *', run: ({ as_of }) => trimChanges(deps.db, as_of) },
  ],
  close: async (deps) => deps.leave(),
}
