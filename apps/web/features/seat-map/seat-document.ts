import {
  decodeSeatStates,
  packSeats,
  SEATS_MEDIA_TYPE,
  type SeatStates,
  type SparseSeats,
} from '@tessera/contracts/seat-map/seat-state'
import type { Chart } from './seat-picture.ts'

export type DocumentBrowser = { fetch: (url: string, init: RequestInit) => Promise<Response> }

/** The state of every seat as of one version: binary from our own server, JSON from whoever answers in its place. */
export async function fetchSeatStates(url: string, chart: Chart, browser: DocumentBrowser): Promise<SeatStates> {
  const accept = `${SEATS_MEDIA_TYPE}, application/json;q=0.9`
  const response = await browser.fetch(url, { headers: { accept }, cache: 'no-cache', credentials: 'same-origin' })
  if (!response.ok) throw new Error(`the seat document answered ${response.status}`)
  if (response.headers.get('content-type')?.startsWith(SEATS_MEDIA_TYPE)) {
    const decoded = decodeSeatStates(new Uint8Array(await response.arrayBuffer()))
    if (decoded?.total !== chart.count) throw new Error('the seat document is of another chart')
    return decoded
  }
  const body = (await response.json()) as { version: number; seats: SparseSeats }
  return packSeats(chart.count, body.version, body.seats, (id) => chart.number_of.get(id))
}
