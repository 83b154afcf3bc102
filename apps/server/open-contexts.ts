import { join } from 'node:path'
import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { Consumer } from '#platform/bus'
import type { ContextServices, Invariant } from '#platform/context'
import type { Db, DbOptions } from '#platform/db'
import type { Http } from '#platform/http'
import type { Job } from '#platform/jobs'
import { openDiskStorage } from '#platform/storage'
import type { ConnectionPlan } from './connections.ts'
import { type ContextName, contextNames, contexts, type ProductContext } from './contexts.ts'

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

/** What every context gets alike; its database and its files are its own. */
type Shared = Omit<ContextServices<ContextRpc, ProductConfig, Permission>, 'db' | 'openLane' | 'storage'> & {
  open(options: Partial<DbOptions>): Db
  connections: ConnectionPlan
  serve(name: string, handlers: unknown): void
  files_dir: string
}

/** Opens every context, in the order of the table. */
export async function openContexts(shared: Shared): Promise<OpenContext[]> {
  const opened: OpenContext[] = []
  for (const name of contextNames) opened.push(await contexts[name]((context) => openContext(context, shared)))
  return opened
}

async function openContext<Name extends ContextName, Deps>(
  context: ProductContext<Name, Deps>,
  { open, connections, serve, files_dir, ...common }: Shared,
): Promise<OpenContext> {
  const own = { role: `tessera_${context.name}`, search_path: context.name }
  const db = open({ ...own, connections_max: connections.context })
  const lanes: Db[] = []
  const deps = await context.open({
    ...common,
    db,
    openLane: (options) => {
      const connections_max = Math.min(options.connections_max, connections.lane_max)
      const lane = open({ ...own, ...options, connections_max })
      lanes.push(lane)
      return lane
    },
    storage: openDiskStorage(join(files_dir, context.name)),
  })
  if (context.rpc !== undefined) serve(context.name, context.rpc(deps))
  return {
    name: context.name,
    db,
    mount: (http) => context.routes?.(http, deps),
    consumers: context.consumers?.(deps) ?? [],
    jobs: context.jobs?.(deps) ?? [],
    invariants: context.invariants ?? [],
    close: async () => {
      await context.close?.(deps)
      await Promise.all([db, ...lanes].map((pool) => pool.close()))
    },
  }
}
