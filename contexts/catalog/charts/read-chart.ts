import { promisify } from 'node:util'
import { gunzip as gunzipInto } from 'node:zlib'
import type { ChartSummary } from '@tessera/contracts/http/catalog'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import { type Document, documentOf } from '#platform/cache'
import { loadSql, type Queryable } from '#platform/db'
import { geometryUrl } from './create-chart.ts'
import { type PackedChart, unpackChart } from './packed-chart.ts'

const sql = loadSql(import.meta.url, ['chart', 'charts_of_venue', 'packed_chart', 'geometry', 'published_geometry'])

const gunzip = promisify(gunzipInto)

type Deps = { tx: Queryable }
type SummaryRow = Omit<ChartSummary, 'geometry_url'>

/**
 * The chart with its seat list and the document as it was sent, as JSON bytes: concatenated from stored JSON texts,
 * because parsing and printing 64 MB would block the process for a second.
 */
export async function readChart(deps: Deps, input: { chart_id: string }): Promise<Buffer | undefined> {
  const row = await deps.tx.maybe<SummaryRow & { seat_list: Buffer; document: Buffer }>(sql.chart, input)
  if (row === undefined) return undefined
  const { seat_list, document, ...summary } = row
  const [seats, original] = await Promise.all([gunzip(seat_list), gunzip(document)])
  const head = JSON.stringify(withUrl(summary)).slice(0, -1)
  return Buffer.concat([
    Buffer.from(`${head},"seats":`),
    seats,
    Buffer.from(',"document":'),
    original,
    Buffer.from('}'),
  ])
}

/** Newest first, `limit` at most, those before the id `before`. */
export async function listCharts(
  deps: Deps,
  input: { venue_id: string; before: string | null; limit: number },
): Promise<ChartSummary[]> {
  return (await deps.tx.many<SummaryRow>(sql.charts_of_venue, input)).map(withUrl)
}

/** The normalised chart. Takes 50 ms of the event loop for 80,000 seats: cache it. */
export async function readNormalisedChart(deps: Deps, input: { chart_id: string }): Promise<Chart | undefined> {
  const row = await deps.tx.maybe<{ packed: Buffer }>(sql.packed_chart, input)
  return row === undefined ? undefined : unpackChart(JSON.parse((await gunzip(row.packed)).toString()) as PackedChart)
}

/** The geometry document, ready to serve; `published` restricts it to charts of published performances. */
export async function readGeometry(
  deps: Deps,
  input: { chart_id: string; published: boolean },
): Promise<Document | undefined> {
  const row = await deps.tx.maybe<{ geometry_gzip: Buffer; geometry_br: Buffer; geometry_tag: string }>(
    input.published ? sql.published_geometry : sql.geometry,
    { chart_id: input.chart_id },
  )
  if (row === undefined) return undefined
  return documentOf({
    content_type: 'application/json; charset=utf-8',
    cache_control: `${input.published ? 'public' : 'private'}, max-age=31536000, immutable`,
    tag: row.geometry_tag,
    body: await gunzip(row.geometry_gzip),
    gzip: row.geometry_gzip,
    br: row.geometry_br,
  })
}

function withUrl(row: SummaryRow): ChartSummary {
  return { ...row, geometry_url: geometryUrl(row.id) }
}
