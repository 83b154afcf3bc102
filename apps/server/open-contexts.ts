import { join } from 'node:path'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { Consumer } from '#platform/bus'
import type { ContextServices } from '#platform/context'
import type { Db, DbOptions } from '#platform/db'
import type { Http } from '#platform/http'
import type { Invariant } from '#platform/invariants'
import type { Job } from '#platform/jobs'
import { openDiskStorage } from '#platform/storage'
import { type ConnectionPlan, requireBudgeted } from './connections.ts'
import { type ContextConfigs, type ContextName, contextNames, contexts } from './contexts.ts'

/** A context that runs here. */
export type OpenContext = {
  name: ContextName
  db: Db
  mount(http: Http<Permission>): void
  consumers: Consumer[]
  jobs: Job[]
  invariants: readonly Invariant[]
  close(): Promise<void>
}

/** Services that every context shares; its database, its files and its settings are its own. */
type Shared = Omit<
  ContextServices<ContextRpc, never, Permission>,
  'db' | 'openDedicatedPool' | 'storage' | 'config'
> & {
  configs: ContextConfigs
  open(options: Partial<DbOptions>): Db
  connections: ConnectionPlan
  serve(name: string, handlers: unknown): void
  files_dir: string
}

/** Opens every context, in the order of the table. */
export async function openContexts(shared: Shared): Promise<OpenContext[]> {
  const opened: OpenContext[] = []
  for (const name of contextNames) opened.push(await openContext(name, shared))
  return opened
}

async function openContext<Name extends ContextName>(
  name: Name,
  { open, connections, serve, files_dir, configs, ...common }: Shared,
): Promise<OpenContext> {
  const context = await contexts[name]()
  const own = { role: `tessera_${name}`, search_path: name }
  const db = open({ ...own, connections_max: connections.context })
  const dedicated: Db[] = []
  const opened = await context.open({
    ...common,
    config: configs[name],
    db,
    openDedicatedPool: (options) => {
      requireBudgeted(name, dedicated.length)
      const connections_max = Math.min(options.connections_max, connections.dedicated_pool_max)
      const pool = open({ ...own, ...options, connections_max })
      dedicated.push(pool)
      return pool
    },
    storage: openDiskStorage(join(files_dir, name)),
  })
  if (opened.rpc !== null) serve(name, opened.rpc)
  return {
    name,
    db,
    mount: opened.mount,
    consumers: opened.consumers,
    jobs: opened.jobs,
    invariants: context.invariants,
    close: async () => {
      await opened.close()
      await Promise.all([db, ...dedicated].map((pool) => pool.close()))
    },
  }
}
