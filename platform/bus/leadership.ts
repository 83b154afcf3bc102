import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'

const LOCK_RETRY_MS = 200

export type Leadership = {
  leading(): boolean
  /** Resolves when the work has ended and the lock is released. */
  close(): Promise<void>
}

/**
 * Elects one process of many: the one that holds a session lock on a connection of its own. The others retry at
 * intervals; a leader whose connection breaks stops and retries like them. `begin` starts the work and returns how to
 * end it.
 */
export function standForLead(options: { db: Db; lock: number; log: Log; begin(): () => Promise<void> }): Leadership {
  let leading = false
  let closing = false
  let resign: (() => void) | undefined

  const lead = async (): Promise<void> => {
    const client = await options.db.connect()
    const lost = Promise.withResolvers<void>()
    const lose = (): void => lost.resolve()
    client.on('error', lose)
    client.on('end', lose)
    let held = false
    try {
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [options.lock])
      held = rows[0]?.held === true
      if (!held || closing) return
      leading = true
      resign = lose
      const end = options.begin()
      await lost.promise
      await end()
    } finally {
      client.off('error', lose)
      client.off('end', lose)
      client.release(held ? new Error('the leader ends its session') : undefined)
    }
  }

  const stand = async (): Promise<void> => {
    while (!closing) {
      try {
        await lead()
      } catch (error) {
        if (!closing) options.log.warn({ err: error }, 'leadership was lost; trying to regain it')
      }
      leading = false
      if (!closing) await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS))
    }
  }

  const standing = stand()
  return {
    leading: () => leading,
    close: async () => {
      closing = true
      resign?.()
      await standing
    },
  }
}
