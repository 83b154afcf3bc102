import type { ChartCreated } from '@tessera/contracts/http/catalog'
import { newId } from '@tessera/contracts/ids'
import { loadSql, type Tx } from '#platform/db'
import { type LimitExceeded, type OrganizationLimits, refuseBeyondLimits } from '../organization-limits.ts'
import type { PreparedChart } from './prepare-chart.ts'

const sql = loadSql(import.meta.url, ['venue_is_there', 'insert_chart'])

type Deps = { tx: Tx; limits: OrganizationLimits }

type CreateChartOutcome = { kind: 'created'; chart: ChartCreated } | { kind: 'not-found' } | LimitExceeded

/**
 * Stores a prepared chart for a venue. Charts are immutable: a change is a new chart. `tx` acts for `organization_id`.
 */
export async function createChart(
  deps: Deps,
  input: { organization_id: string; venue_id: string; chart: PreparedChart },
): Promise<CreateChartOutcome> {
  const { chart, ...own } = input
  if ((await deps.tx.maybe(sql.venue_is_there, own)) === undefined) return { kind: 'not-found' }
  const { document, packed, seat_list, geometry_gzip, geometry_br } = chart
  const stored = [document, packed, seat_list, geometry_gzip, geometry_br]
  const refused = await refuseBeyondLimits(deps.tx, {
    organization_id: input.organization_id,
    kind: 'charts',
    limits: deps.limits,
    bytes: stored.reduce((sum, part) => sum + part.length, 0),
  })
  if (refused !== null) return refused
  const id = newId('cht')
  await deps.tx.none(sql.insert_chart, { id, ...own, ...chart, categories: JSON.stringify(chart.categories) })
  const { name, seat_count, categories } = chart
  const geometry_url = geometryUrl(id)
  return { kind: 'created', chart: { id, seat_count, categories, name, venue_id: input.venue_id, geometry_url } }
}

/** The address of the map, for everyone who may see the chart's performance. */
export function geometryUrl(chart_id: string): string {
  return `/api/v1/charts/${chart_id}/geometry`
}
