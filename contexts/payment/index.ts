import { defineContext } from '#platform/context'
import { consumers } from './consumers.ts'
import { invariants } from './invariants.ts'
import { jobs } from './jobs.ts'
import { open } from './open.ts'
import { routes } from './routes.ts'
import { rpc } from './rpc.ts'

export type { PaymentConfig } from './deps.ts'
export { webhookTypesOf } from './provider/open.ts'

export const payment = defineContext({
  name: 'payment',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  rpc,
  consumers,
  jobs,
  invariants,
  close: (deps) => deps.webhooks.close(),
})
