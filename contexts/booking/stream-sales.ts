import type { ServerResponse } from 'node:http'
import type { Deps } from './deps.ts'
import { eventSales, type SalesDeps } from './sales.ts'

export type SalesStreams = {
  /** Sends an event's sales at once and again whenever they changed, until the reader goes. */
  join(event_id: string, response: ServerResponse): void
}

type StreamDeps = SalesDeps & Pick<Deps, 'telemetry' | 'onDrain'>

/** The readers of one event's sales, each with the frame it was sent last. */
type Channel = { frame: string; sent: Map<ServerResponse, string>; close(): void }

/** At most this often; several sales in between are one message. */
const EVERY_MS = 500
const KEEP_ALIVE_MS = 15_000

/** The sales streams of this process: however many read an event's sales, they are computed once for all of them. */
export function openSalesStreams(deps: StreamDeps): SalesStreams {
  const channels = new Map<string, Channel>()
  return {
    join: (event_id, response) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      const channel = channels.get(event_id) ?? openChannel(deps, event_id)
      channels.set(event_id, channel)
      channel.sent.set(response, '')
      sendTo(channel)
      const leave = deps.onDrain(() => response.end())
      response.on('close', () => {
        leave()
        channel.sent.delete(response)
        if (channel.sent.size > 0 || channels.get(event_id) !== channel) return
        channel.close()
        channels.delete(event_id)
      })
    },
  }
}

function openChannel(deps: Omit<StreamDeps, 'onDrain'>, event_id: string): Channel {
  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    try {
      channel.frame = `event: sales\ndata: ${JSON.stringify(await eventSales(deps, event_id))}\n\n`
      sendTo(channel)
    } catch (error) {
      deps.telemetry.log.warn({ err: error, event_id }, 'sales could not be read; the stream goes on')
    } finally {
      isLooking = false
    }
  }
  const looking = setInterval(() => void look(), EVERY_MS)
  const alive = setInterval(() => {
    for (const response of channel.sent.keys()) response.write(': keep-alive\n\n')
  }, KEEP_ALIVE_MS)
  const close = (): void => {
    clearInterval(looking)
    clearInterval(alive)
  }
  const channel: Channel = { frame: '', sent: new Map(), close }
  void look()
  return channel
}

/** A reader that has not read the last frame yet is left out: it gets the newest one at a later look. */
function sendTo({ frame, sent }: Channel): void {
  for (const [response, last] of sent) {
    if (frame === last || response.writableNeedDrain) continue
    response.write(frame)
    sent.set(response, frame)
  }
}
