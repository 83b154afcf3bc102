import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextModule } from '#platform/context'
import type { PaymentDeps } from './deps.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { openPayment } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export const payment: ContextModule<'payment', PaymentDeps, ContextRpc, ProductConfig, Permission> = {
  name: 'payment',
  sql: new URL('./sql/', import.meta.url),
  open: openPayment,
  routes,
  rpc,
  jobs,
  invariants,
  close: (deps) => deps.webhooks.close(),
}
