import { isId } from '@tessera/contracts/ids'
import type { CatalogRpc, EventSummary, PerformanceSummary } from '@tessera/contracts/rpc/catalog'
import { loadSql } from '#platform/db'
import { readNormalisedChart } from './charts/read-chart.ts'
import type { Deps } from './deps.ts'

const sql = loadSql(import.meta.url, ['performance', 'event', 'tiers'])

/** Charts are immutable; they are evicted for space alone. */
const CHART_TTL_MS = 86_400_000

/** Answers about every tenant's objects: the calling context checks the organization. */
export function rpc(deps: Deps): CatalogRpc {
  return {
    performance: async (input) =>
      isId('perf', input.performance_id)
        ? ((await deps.everything.maybe<PerformanceSummary>(sql.performance, input)) ?? null)
        : null,
    event: async (input) =>
      isId('evt', input.event_id) ? ((await deps.everything.maybe<EventSummary>(sql.event, input)) ?? null) : null,
    chart: async (input) =>
      (await deps.charts.get(input.chart_id, CHART_TTL_MS, () =>
        readNormalisedChart({ tx: deps.everything }, input),
      )) ?? null,
    tiers: (input) => deps.everything.many<{ tier_id: string; quantity: number | null }>(sql.tiers, input),
  }
}
