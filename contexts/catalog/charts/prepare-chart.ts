import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { ChartCategorySummary, ChartSeat } from '@tessera/contracts/http/catalog'
import type { Chart, ChartError } from '@tessera/contracts/seat-map/chart'
import { encodeGeometry } from '@tessera/contracts/seat-map/geometry-encode'
import { normaliseChart } from '@tessera/contracts/seat-map/normalise'
import { tagOf } from '#platform/cache'
import { packChart } from './packed-chart.ts'

/** Everything that is stored of a chart. Bytes are gzip, except `geometry_br`. */
export type PreparedChart = {
  name: string
  format: 'tessera-chart/1' | 'pretix'
  seat_count: number
  categories: ChartCategorySummary[]
  document: Uint8Array
  packed: Uint8Array
  seat_list: Uint8Array
  geometry_gzip: Uint8Array
  geometry_br: Uint8Array
  geometry_tag: string
}

export type PrepareOutcome =
  | { kind: 'prepared'; chart: PreparedChart }
  | { kind: 'malformed'; detail: string }
  | { kind: 'invalid-chart'; errors: ChartError[] }

/** Served for a year from caches, made once: 9 takes 0.2 s for 80,000 seats, 11 takes 3 s and gains 4 %. */
const GEOMETRY_BROTLI_QUALITY = 9

/**
 * Turns a request body into everything that is stored: parses, normalises, encodes, compresses. Takes seconds for the
 * largest charts, so it runs in a thread of its own (chart-worker.ts).
 */
export function prepareChart(bytes: Uint8Array): PrepareOutcome {
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const detail = error instanceof SyntaxError ? 'The body is not valid JSON.' : 'The body is not valid UTF-8.'
    return { kind: 'malformed', detail }
  }
  const outcome = normaliseChart(body)
  if (outcome.kind === 'invalid-chart') return outcome
  const { chart } = outcome
  const geometry = Buffer.from(JSON.stringify(encodeGeometry(chart)))
  return {
    kind: 'prepared',
    chart: {
      name: chart.name,
      format: isTessera(body) ? 'tessera-chart/1' : 'pretix',
      seat_count: chart.seats.length,
      categories: summarise(chart),
      document: gzipSync(bytes),
      packed: gzipSync(JSON.stringify(packChart(chart))),
      seat_list: gzipSync(JSON.stringify(seatList(chart))),
      geometry_gzip: gzipSync(geometry, { level: 9 }),
      geometry_br: brotliCompressSync(geometry, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: GEOMETRY_BROTLI_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: geometry.length,
        },
      }),
      geometry_tag: tagOf(geometry),
    },
  }
}

function isTessera(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, 'format')
    ? (body as { format: unknown }).format === 'tessera-chart/1'
    : false
}

function summarise(chart: Chart): ChartCategorySummary[] {
  const counts = new Map<number, number>()
  for (const { category } of chart.seats) counts.set(category, (counts.get(category) ?? 0) + 1)
  return chart.categories.map(({ name, color }, n) => ({ name, color, seat_count: counts.get(n) ?? 0 }))
}

function seatList(chart: Chart): ChartSeat[] {
  return chart.seats.map((seat) => ({
    id: seat.id,
    label: seat.label,
    section: chart.sections[seat.section]?.name ?? '',
    row: chart.rows[seat.row]?.label ?? '',
    number: seat.number,
    category: chart.categories[seat.category]?.name ?? '',
    accessible: seat.accessible,
    obstructed: seat.obstructed,
  }))
}
