import type { Log } from '#platform/telemetry'

export type Pump = {
  /** There is something to do. Returns at once. */
  nudge(): void
  /** Resolves when nothing is under way and nothing was asked for meanwhile. */
  idle(): Promise<void>
  /** Lets the run under way end; later nudges do nothing. */
  close(): Promise<void>
}

/**
 * Runs work soon after a nudge, one run at a time. Modes: idle → waiting (`delay_ms`, in which further nudges add
 * nothing) → running → idle, or waiting again when nudged meanwhile. A run that throws is logged; the job that does the
 * same work by the clock is the net.
 */
export function openPump(options: { run(): Promise<void>; delay_ms(): number; log: Log }): Pump {
  let turning: Promise<void> | null = null
  let wanted = false
  let closed = false
  let cutShort: () => void = () => undefined

  const turn = async (): Promise<void> => {
    while (wanted && !closed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.delay_ms())
        cutShort = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      wanted = false
      if (closed) return
      try {
        await options.run()
      } catch (error) {
        options.log.warn({ err: error }, 'processing webhooks failed; the job does it again')
      }
    }
  }

  return {
    nudge: () => {
      wanted = true
      if (closed || turning !== null) return
      turning = turn().finally(() => {
        turning = null
      })
    },
    idle: async () => {
      while (turning !== null) await turning
    },
    close: async () => {
      closed = true
      cutShort()
      await turning
    },
  }
}
