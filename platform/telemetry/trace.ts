import { AsyncLocalStorage } from 'node:async_hooks'

const trace = new AsyncLocalStorage<{ traceparent: string }>()

/** Runs the rest of a request within its trace, so that events and logs can name it. */
export function runInTrace(context: { traceparent: string }, next: () => void): void {
  trace.run(context, next)
}

/** W3C traceparent of the request being served, or null outside of one. */
export function currentTraceparent(): string | null {
  return trace.getStore()?.traceparent ?? null
}
