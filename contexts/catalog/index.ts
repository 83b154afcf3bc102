import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextModule } from '#platform/context'
import { type CatalogDeps, openCatalog } from './deps.ts'
import { invariants } from './invariants.ts'
import { catalogRoutes } from './routes.ts'
import { catalogRpc } from './rpc.ts'

export const catalog: ContextModule<'catalog', CatalogDeps, ContextRpc, ProductConfig, Permission> = {
  name: 'catalog',
  sql: new URL('./sql/', import.meta.url),
  open: openCatalog,
  routes: catalogRoutes,
  rpc: catalogRpc,
  invariants,
  close: (deps) => deps.chart_worker.close(),
}
