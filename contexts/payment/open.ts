import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextServices } from '#platform/context'
import { BY_KEY } from '#platform/db'
import { openBatchers } from './batchers.ts'
import type { Deps, PaymentConfig } from './deps.ts'
import { PaymentLimits } from './payment-limits.ts'
import { openProviders } from './provider/open.ts'
import { drainEvents } from './reconcile/reconcile.ts'
import { openPump } from './webhooks/pump.ts'

/** Long enough for the call that caused the webhook to finish first, so that the event then has nothing more to say. */
const WEBHOOK_DELAY_MS = 200
/** The same under load, when such calls take longer. */
const WEBHOOK_DELAY_BUSY_MS = 1_000
const BATCH_CONNECTIONS = 4

export async function open(services: ContextServices<ContextRpc, PaymentConfig, Permission>): Promise<Deps> {
  const { public_origin, payment_providers } = services.config
  const { log } = services.telemetry
  const breaker = services.telemetry.gauge('payment_provider_breaker_open', '1 while the provider is not asked', [
    'provider',
  ])
  const providers = openProviders(payment_providers, (provider, state) => {
    breaker.set({ provider }, state === 'open' ? 1 : 0)
    log.warn({ provider, state }, 'the breaker of a payment provider changed')
  })
  const by_key = services.openDedicatedPool({ connections_max: BATCH_CONNECTIONS, settings: BY_KEY })
  const deps = {
    db: services.db,
    by_key,
    batchers: openBatchers(by_key, () => services.published(['payment.succeeded'])),
    providers,
    limits: services.config.rate_limits ? new PaymentLimits() : null,
    rpc: { booking: services.rpc.booking, catalog: services.rpc.catalog, identity: services.rpc.identity },
    access: services.access,
    secrets: services.secrets,
    log,
    concluding: new Set<string>(),
    public_origin,
    now: () => new Date(),
  }
  const webhooks = openPump({
    run: () => drainEvents(deps, null),
    delay_ms: () => (deps.concluding.size > 1 ? WEBHOOK_DELAY_BUSY_MS : WEBHOOK_DELAY_MS),
    log,
  })
  return { ...deps, webhooks }
}
