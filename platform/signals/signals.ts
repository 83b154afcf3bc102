import type { PoolClient } from 'pg'
import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'

type Listener = (data: unknown) => void

/** Ephemeral hints between parts and processes. Lossy by contract: nothing may depend on one arriving. */
export type Signals = {
  send(channel: string, data: unknown): void
  /** To this process alone, for events that every process observes by itself. */
  tell(channel: string, data: unknown): void
  on(channel: string, listener: Listener): () => void
  close(): Promise<void>
}

type Remote = { send(channel: string, data: unknown): void; close(): Promise<void> }

const CHANNEL = 'tessera_signals'
/** PostgreSQL refuses a longer NOTIFY payload. */
const PAYLOAD_BYTES_MAX = 7_900
const RECONNECT_MS = 500
/** Queue length for the connection; beyond it the oldest signals are dropped. */
const WAITING_MAX = 1_000

/**
 * Within the process always at once; with `db`, also to the other processes (while there are `several`), by NOTIFY on a
 * session of its own: a NOTIFY takes a lock that serializes commits, so it is never part of a transaction that does
 * work. Signals sent while one NOTIFY is in flight go out in the next, so there is at most one at a time however many
 * holds are won.
 */
export function openSignals(options: { db: Db | null; several?: () => boolean; log: Log }): Signals {
  const { several = () => true } = options
  const listeners = new Map<string, Set<Listener>>()
  const tell = (channel: string, data: unknown): void => {
    for (const listener of listeners.get(channel) ?? []) listener(data)
  }
  const remote = options.db === null ? null : openRemote(options.db, options.log, tell)
  return {
    tell,
    send: (channel, data) => {
      tell(channel, data)
      if (several()) remote?.send(channel, data)
    },
    on: (channel, listener) => {
      const set = listeners.get(channel) ?? new Set()
      set.add(listener)
      listeners.set(channel, set)
      return () => set.delete(listener)
    },
    close: async () => remote?.close(),
  }
}

function openRemote(db: Db, log: Log, tell: (channel: string, data: unknown) => void): Remote {
  const self = crypto.randomUUID()
  let waiting: string[] = []
  let client: PoolClient | undefined
  let closing = false
  let end: (() => void) | undefined
  let sending: Promise<void> | undefined

  const sendAll = async (session: PoolClient): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const { payload, rest } = packed(self, waiting)
        waiting = rest
        await session.query('select pg_notify($1, $2)', [CHANNEL, payload])
      }
    } catch (error) {
      log.debug({ err: error }, 'signals were lost')
    } finally {
      sending = undefined
    }
  }
  const flush = (): void => {
    if (client === undefined || sending !== undefined || waiting.length === 0) return
    sending = sendAll(client)
  }

  const listen = async (): Promise<void> => {
    while (!closing) {
      try {
        const session = await db.connect()
        const ended = new Promise<void>((resolve) => {
          end = resolve
          session.once('error', () => resolve())
          session.once('end', () => resolve())
        })
        session.on('notification', ({ payload = '{}' }) => {
          const { from, signals } = JSON.parse(payload) as { from: string; signals: [string, unknown][] }
          if (from !== self) for (const [channel, data] of signals) tell(channel, data)
        })
        await session.query(`listen ${CHANNEL}`)
        client = session
        flush()
        if (!closing) await ended
        client = undefined
        session.release(new Error('the listener ends its session'))
      } catch (error) {
        log.warn({ err: error }, 'signals of other processes are not received; reconnecting soon')
      }
      if (!closing) await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS))
    }
  }
  const listening = listen()
  return {
    send: (channel, data) => {
      const signal = JSON.stringify([channel, data])
      if (Buffer.byteLength(signal) > PAYLOAD_BYTES_MAX - 100)
        return log.warn({ channel }, 'a signal is too large to be sent')
      // A repeated signal is sent once, at its last position.
      const before = waiting.indexOf(signal)
      if (before >= 0) waiting.splice(before, 1)
      waiting.push(signal)
      if (waiting.length > WAITING_MAX) waiting.shift()
      flush()
    },
    close: async () => {
      await sending
      closing = true
      end?.()
      await listening
    },
  }
}

/** As many signals as one NOTIFY can hold, in order, and the remaining ones. */
export function packed(from: string, signals: readonly string[]): { payload: string; rest: string[] } {
  const head = `{"from":${JSON.stringify(from)},"signals":[`
  let bytes = head.length + 2
  let count = 0
  for (const signal of signals) {
    bytes += Buffer.byteLength(signal) + 1
    if (count > 0 && bytes > PAYLOAD_BYTES_MAX) break
    count++
  }
  return { payload: `${head}${signals.slice(0, count).join(',')}]}`, rest: signals.slice(count) }
}
