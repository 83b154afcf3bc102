import type { CatalogRpc } from '@tessera/contracts/rpc/catalog'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import { BoundedCache } from '#platform/cache'
import type { Log } from '#platform/telemetry'

/** A seat's position in the chart's own names, empty where the chart names nothing, and whether its view is restricted. */
export type SeatPosition = { section: string; row: string; number: string; restricted_view?: true }

export type SeatPositions = {
  /** Null when the chart is unavailable: the ticket's label contains the same in one line. */
  positionOf(chart_id: string | null, seat_no: number | null): Promise<SeatPosition | null>
}

const CHARTS_MAX = 8
const SEATS_MAX = 320_000
const CHART_AGE_MAX_MS = 60 * 60 * 1_000

/** Section, row and number of seats, from catalog's immutable charts, a few of which are cached. */
export function openSeatPositions(catalog: Pick<CatalogRpc, 'chart'>, log: Log): SeatPositions {
  const warn = (error: unknown): void =>
    log.warn({ err: error }, 'the chart of a ticket is unavailable; it shows its seat label alone')
  const charts = new BoundedCache<SeatPosition[]>({
    entries_max: CHARTS_MAX,
    weight_max: SEATS_MAX,
    weigh: (positions) => positions.length,
    onRefreshError: warn,
  })
  return {
    positionOf: async (chart_id, seat_no) => {
      if (chart_id === null || seat_no === null) return null
      try {
        const positions = await charts.get(chart_id, CHART_AGE_MAX_MS, async () => {
          const chart = await catalog.chart({ chart_id })
          return chart === null ? undefined : placesIn(chart)
        })
        return positions?.[seat_no] ?? null
      } catch (error) {
        warn(error)
        return null
      }
    },
  }
}

function placesIn(chart: Chart): SeatPosition[] {
  return chart.seats.map((seat) => ({
    section: chart.sections[seat.section]?.name ?? '',
    row: chart.rows[seat.row]?.label ?? '',
    number: seat.number,
    ...(seat.obstructed && { restricted_view: true as const }),
  }))
}
