import type { Permission } from '@tessera/contracts/permissions'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { CatalogRpc } from '@tessera/contracts/rpc/catalog'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { Access, Secrets } from '#platform/auth'
import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { Batchers } from './batchers.ts'
import type { PaymentLimits } from './payment-limits.ts'
import type { ProviderSettings } from './provider/open.ts'
import type { Providers } from './provider/registry.ts'
import type { Pump } from './webhooks/pump.ts'

/** Payment's slice of the settings. */
export type PaymentConfig = {
  /** The one origin that browsers see, e.g. `http://localhost:3000`. */
  public_origin: string
  /** False for load tests: nobody is limited. */
  rate_limits: boolean
  payment_providers: ProviderSettings
}

/** What this context's handlers share; each use case names the few it needs. */
export type Deps = {
  db: Db
  /** A pool for statements that find many rows by key (`BY_KEY`). */
  by_key: Db
  batchers: Batchers
  providers: Providers
  /** Null: nobody is limited. */
  limits: PaymentLimits | null
  rpc: { booking: BookingRpc; catalog: CatalogRpc; identity: IdentityRpc }
  access: Access<Permission>
  secrets: Secrets
  log: Log
  webhooks: Pump
  /** Payments that a request to this process brings to an end now. Their webhooks wait: it does what they would. */
  concluding: Set<string>
  public_origin: string
  now(): Date
}
