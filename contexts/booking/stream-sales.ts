import type { ServerResponse } from 'node:http'
import type { BookingDeps } from './deps.ts'
import { eventSales } from './sales.ts'

/** At most this often; several sales in between are one message. */
const EVERY_MS = 500
const KEEP_ALIVE_MS = 15_000

/** Sends an event's sales at once and again whenever they changed, until the reader goes. */
export function streamSales(deps: BookingDeps, event_id: string, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  let last = ''
  let busy = false
  const look = async (): Promise<void> => {
    if (busy || response.writableNeedDrain) return
    busy = true
    try {
      const sales = JSON.stringify(await eventSales(deps, event_id))
      if (sales !== last) response.write(`event: sales\ndata: ${sales}\n\n`)
      last = sales
    } catch (error) {
      deps.telemetry.log.warn({ err: error, event_id }, 'sales could not be read; the stream goes on')
    } finally {
      busy = false
    }
  }
  const looking = setInterval(() => void look(), EVERY_MS)
  const alive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS)
  const leave = deps.onDrain(() => response.end())
  response.on('close', () => {
    clearInterval(looking)
    clearInterval(alive)
    leave()
  })
  void look()
}
