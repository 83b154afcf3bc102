import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'

type Listener = (data: unknown) => void

/** Ephemeral hints between parts and processes. Lossy by contract: nothing may depend on one arriving. */
export type Signals = {
  send(channel: string, data: unknown): void
  on(channel: string, listener: Listener): () => void
  close(): Promise<void>
}

const CHANNEL = 'tessera_signals'
/** PostgreSQL refuses a longer NOTIFY payload. */
const PAYLOAD_BYTES_MAX = 7_900
const RECONNECT_MS = 500

/**
 * Within the process always at once; with `db`, to the other processes too, by NOTIFY from a connection of its own: a
 * NOTIFY takes a lock that serialises commits, so it never stands in a transaction that does work.
 */
export function openSignals(options: { db: Db | null; log: Log }): Signals {
  const listeners = new Map<string, Set<Listener>>()
  const self = crypto.randomUUID()
  const tell = (channel: string, data: unknown): void => {
    for (const listener of listeners.get(channel) ?? []) listener(data)
  }
  const remote = options.db === null ? null : openRemote(options.db, options.log, self, tell)
  return {
    send: (channel, data) => {
      tell(channel, data)
      remote?.send(channel, data)
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

function openRemote(db: Db, log: Log, self: string, tell: (channel: string, data: unknown) => void) {
  let closing = false
  let end: (() => void) | undefined
  const listen = async (): Promise<void> => {
    while (!closing) {
      try {
        const client = await db.connect()
        const ended = new Promise<void>((resolve) => {
          end = resolve
          client.once('error', () => resolve())
        })
        client.on('notification', (message) => {
          const { from, channel, data } = JSON.parse(message.payload ?? '{}') as {
            from: string
            channel: string
            data: unknown
          }
          if (from !== self) tell(channel, data)
        })
        await client.query(`listen ${CHANNEL}`)
        await ended
        client.release(new Error('the listener ends its session'))
      } catch (error) {
        log.warn({ err: error }, 'signals of other processes are not heard; listening again soon')
      }
      if (!closing) await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS))
    }
  }
  const listening = listen()
  return {
    send: (channel: string, data: unknown): void => {
      const payload = JSON.stringify({ from: self, channel, data })
      if (Buffer.byteLength(payload) > PAYLOAD_BYTES_MAX) return
      db.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch((error: unknown) =>
        log.debug({ err: error }, 'a signal was lost'),
      )
    },
    close: async (): Promise<void> => {
      closing = true
      end?.()
      await listening
    },
  }
}
