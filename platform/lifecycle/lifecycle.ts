/**
 * Relates a process of the product to its supervisor, which starts every child with an IPC channel: the child reports
 * over it that it is ready, and its closing means that the supervisor is gone (also after kill -9).
 */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Exit code (EX_CONFIG) of a process that cannot run with its configuration: restarting would change nothing. */
export const CANNOT_RUN_EXIT_CODE = 78

/** A child's message to its supervisor once it serves. `demo_accounts`: the demo accounts exist and may be shown. */
export type ReadyMessage = { ready: true; port?: number; demo_accounts?: boolean }

/** Reports to the supervisor that this process serves. Does nothing in a process started by hand. */
export function announceReady(details: Omit<ReadyMessage, 'ready'>): void {
  process.send?.({ ready: true, ...details } satisfies ReadyMessage)
}

/** Calls back once the process that forked this one is gone; never in a process started by hand. */
export function onParentGone(callback: () => void): void {
  if (!process.channel) return
  process.once('disconnect', callback)
  // The listener alone would keep a drained process alive.
  process.channel.unref()
}

/** Calls back at the first signal to terminate; repeats (npm and the terminal each send one) are ignored. */
export function onShutdownSignal(callback: (signal: NodeJS.Signals) => void): void {
  let asked = false
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      if (asked) return
      asked = true
      callback(signal)
    })
  }
}
