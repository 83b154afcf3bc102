import type { Permission } from '@tessera/contracts/permissions'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { PaymentRpc } from '@tessera/contracts/rpc/payment'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import type { Access } from '#platform/auth'
import type { BoundedCache } from '#platform/cache'
import type { Db } from '#platform/db'
import type { ChartWorker } from './charts/chart-worker.ts'
import type { Documents } from './documents.ts'
import type { OrganizationLimits } from './organization-limits.ts'

/** The catalog's slice of the settings. */
export type CatalogConfig = {
  /** True when other processes serve this installation too. It may become true at any time: read it at each use. */
  readonly several_processes: boolean
  readonly organization_limits: OrganizationLimits
}

/** Dependencies shared by the catalog's routes and RPC. */
export type Deps = {
  /** Reads published rows; in a transaction with `actingFor(organization)` that organization's rows instead. */
  db: Db
  /** Reads every tenant's rows and writes nothing: for RPC and for finding an object's owner. */
  everything: Db
  access: Access<Permission>
  identity: IdentityRpc
  payment: Pick<PaymentRpc, 'charge_limits'>
  delivered(event_id: string, consumers: readonly string[], timeout_ms?: number): Promise<boolean>
  documents: Documents
  limits: OrganizationLimits
  chart_worker: ChartWorker
  /** Normalised charts by id. */
  charts: BoundedCache<Chart>
}
