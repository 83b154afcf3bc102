import { defineContext } from '#platform/context'
import { invariants } from './invariants.ts'
import { open } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export { cancelEventsOf } from './cancel-events-of.ts'
export type { CatalogConfig } from './deps.ts'

export const catalog = defineContext({
  name: 'catalog',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  invariants,
  close: (deps) => deps.chart_worker.close(),
})
