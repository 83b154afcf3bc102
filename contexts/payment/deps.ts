import type { Permission } from '@tessera/contracts/permissions'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { Access } from '#platform/auth'
import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { Lanes } from './lanes.ts'
import type { Provider } from './provider/provider.ts'
import type { Pump } from './webhooks/pump.ts'

/** What this context's handlers share; each use case names the few it needs. */
export type PaymentDeps = {
  db: Db
  lanes: Lanes
  provider: Provider
  booking: BookingRpc
  rpc: { booking: BookingRpc; identity: IdentityRpc }
  access: Access<Permission>
  log: Log
  webhooks: Pump
  /** Two while one is being replaced; none = no webhook is believed. */
  webhook_secrets: readonly string[]
  public_origin: string
  card_page_origin: string | null
  now(): Date
}
