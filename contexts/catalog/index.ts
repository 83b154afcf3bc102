import { defineContext } from '#platform/context'
import { openCatalog } from './deps.ts'
import { invariants } from './invariants.ts'
import { catalogRoutes } from './routes.ts'
import { catalogRpc } from './rpc.ts'

export type { CatalogConfig } from './deps.ts'

export const catalog = defineContext({
  name: 'catalog',
  sql: new URL('./sql/', import.meta.url),
  open: openCatalog,
  routes: catalogRoutes,
  rpc: catalogRpc,
  invariants,
  close: (deps) => deps.chart_worker.close(),
})
