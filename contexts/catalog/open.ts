import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import { BoundedCache } from '#platform/cache'
import type { ContextServices } from '#platform/context'
import { ChartWorker } from './charts/chart-worker.ts'
import type { CatalogConfig, Deps } from './deps.ts'
import { openDocuments } from './documents.ts'

const CHARTS_MAX = 100
/** Some 150 bytes a seat: at most 60 MB. */
const CHART_SEATS_MAX = 400_000

export async function open(services: ContextServices<ContextRpc, CatalogConfig, Permission>): Promise<Deps> {
  const onRefreshError = (error: unknown): void =>
    services.telemetry.log.warn({ err: error }, 'a page could not be refreshed ahead of expiry')
  return {
    db: services.db,
    everything: services.openDedicatedPool({
      connections_max: 4,
      settings: { 'tessera.organizations': '*', default_transaction_read_only: 'on' },
    }),
    access: services.access,
    identity: services.rpc.identity,
    payment: services.rpc.payment,
    delivered: services.delivered,
    documents: openDocuments({
      db: services.db,
      severalProcesses: () => services.config.several_processes,
      onRefreshError,
    }),
    limits: services.config.organization_limits,
    chart_worker: new ChartWorker(),
    charts: new BoundedCache<Chart>({
      entries_max: CHARTS_MAX,
      weight_max: CHART_SEATS_MAX,
      weigh: (chart) => chart.seats.length + 1,
      onRefreshError,
    }),
  }
}
