import type { ServerResponse } from 'node:http'
import type { Principal } from '#platform/auth'
import type { Signals } from '#platform/signals'
import type { Telemetry } from '#platform/telemetry'
import { eventSales, type SalesDeps } from './sales.ts'

export type SalesStreams = {
  /** Sends an event's sales at once and after every change, until the reader leaves or loses the right to see them. */
  join(reader: SalesReader, response: ServerResponse): void
  close(): void
}

export type SalesReader = {
  event_id: string
  principal: Pick<Principal, 'user_id' | 'session_id'>
  /** Checked again while the stream is open: the right may end. */
  maySee(): Promise<boolean>
}

type StreamDeps = SalesDeps & { telemetry: Telemetry; signals: Signals; onDrain(listener: () => void): () => void }

/** The readers of one event's sales, each with the last frame sent to it. */
type Channel = { frame: string; sent: Map<ServerResponse, string>; close(): void }
type Readers = Map<ServerResponse, SalesReader>

/** Minimum time between two messages; sales in between are one message. */
const EVERY_MS = 500
const KEEP_ALIVE_MS = 15_000
/** How long a lost right may go unnoticed when its signal is lost. */
const RIGHTS_MS = 5_000

/**
 * The sales streams of this process: an event's sales are computed once for all of its readers. A sign-out ends the
 * streams of its session, a lost role those that it no longer allows.
 */
export function openSalesStreams(deps: StreamDeps): SalesStreams {
  const channels = new Map<string, Channel>()
  const readers: Readers = new Map()
  const stopWatching = watchRights(deps, readers)
  return {
    close: stopWatching,
    join: (reader, response) => {
      // It closed while the right to see the sales was read, and that is not reported again.
      if (response.destroyed) return
      const { event_id } = reader
      readers.set(response, reader)
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
        readers.delete(response)
        channel.sent.delete(response)
        if (channel.sent.size > 0 || channels.get(event_id) !== channel) return
        channel.close()
        channels.delete(event_id)
      })
    },
  }
}

/**
 * Ends the streams of readers who have signed out or lost the right to see the sales. Returns a function that stops
 * watching.
 */
function watchRights({ signals, telemetry }: StreamDeps, readers: Readers): () => void {
  const check = async (concerns: (reader: SalesReader) => boolean): Promise<void> => {
    for (const [response, reader] of readers) {
      if (!concerns(reader)) continue
      try {
        if (!(await reader.maySee())) response.end()
      } catch (error) {
        telemetry.log.warn({ err: error }, 'the rights of a sales stream could not be read and will be read again')
      }
    }
  }
  const listening = [
    signals.on('sessions-revoked', (data) => {
      const { session_ids } = data as { session_ids: string[] }
      for (const [response, { principal }] of readers) if (session_ids.includes(principal.session_id)) response.end()
    }),
    signals.on('memberships-changed', (data) => {
      const { user_id } = data as { user_id: string }
      // After every other listener: identity has dropped the old memberships by then.
      setImmediate(() => void check(({ principal }) => principal.user_id === user_id))
    }),
  ]
  const timer = setInterval(() => void check(() => true), RIGHTS_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    for (const stop of listening) stop()
  }
}

function openChannel(deps: Omit<StreamDeps, 'onDrain' | 'signals'>, event_id: string): Channel {
  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    try {
      channel.frame = `event: sales\ndata: ${JSON.stringify(await eventSales(deps, event_id))}\n\n`
      sendTo(channel)
    } catch (error) {
      deps.telemetry.log.warn({ err: error, event_id }, 'sales could not be read; the stream continues')
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

/** Skips readers that have not received the last frame yet: a later frame includes it. */
function sendTo({ frame, sent }: Channel): void {
  for (const [response, last] of sent) {
    if (frame === last || response.writableNeedDrain) continue
    response.write(frame)
    sent.set(response, frame)
  }
}
