import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import type { Access } from '#platform/auth'
import { BoundedCache } from '#platform/cache'
import type { ContextServices } from '#platform/context'
import type { Db } from '#platform/db'
import { ChartWorker } from './charts/chart-worker.ts'
import { type Documents, openDocuments } from './documents.ts'

/** The catalog's slice of the settings. */
export type CatalogConfig = {
  /** Other processes serve this installation too. It may become true at any time: read it at each use, do not copy it. */
  readonly several_processes: boolean
}

/** What the catalog's ways in share. */
export type CatalogDeps = {
  /** Sees what is public; in a transaction with `actingFor(organization)` that organization's rows instead. */
  db: Db
  /** Reads every tenant's rows and writes nothing: for answers to other contexts and for finding out whose something is. */
  everything: Db
  access: Access<Permission>
  identity: IdentityRpc
  delivered(event_id: string, consumers: readonly string[], timeout_ms?: number): Promise<boolean>
  documents: Documents
  chart_worker: ChartWorker
  /** Normalised charts by id. */
  charts: BoundedCache<Chart>
}

const CHARTS_MAX = 100
/** Some 150 bytes a seat: at most 60 MB. */
const CHART_SEATS_MAX = 400_000

export async function openCatalog(
  services: ContextServices<ContextRpc, CatalogConfig, Permission>,
): Promise<CatalogDeps> {
  const onRefreshError = (error: unknown): void =>
    services.telemetry.log.warn({ err: error }, 'a page could not be renewed ahead of time')
  return {
    db: services.db,
    everything: services.openLane({
      connections_max: 4,
      settings: { 'tessera.organizations': '*', default_transaction_read_only: 'on' },
    }),
    access: services.access,
    identity: services.rpc.identity,
    delivered: services.delivered,
    documents: openDocuments({
      db: services.db,
      severalProcesses: () => services.config.several_processes,
      onRefreshError,
    }),
    chart_worker: new ChartWorker(),
    charts: new BoundedCache<Chart>({
      entries_max: CHARTS_MAX,
      weight_max: CHART_SEATS_MAX,
      weigh: (chart) => chart.seats.length + 1,
      onRefreshError,
    }),
  }
}
