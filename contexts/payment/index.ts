import { defineContext } from '#platform/context'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { openPayment } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export type { PaymentConfig } from './open.ts'

export const payment = defineContext({
  name: 'payment',
  sql: new URL('./sql/', import.meta.url),
  open: openPayment,
  routes,
  rpc,
  jobs,
  invariants,
  close: (deps) => deps.webhooks.close(),
})
