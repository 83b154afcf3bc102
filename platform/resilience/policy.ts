import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  retry,
  SamplingBreaker,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'

export type PolicyOptions = {
  /** Name of the called service, for errors and metrics. */
  name: string
  /** For one call with all its attempts. */
  deadline_ms: number
  /** Transient failures: they are retried and count against the breaker. Any other error is an answer. */
  isTransient(error: unknown): boolean
  /** Concurrent calls; more wait in the queue. */
  concurrent_max?: number
  /** Queue length; more are refused at once. */
  queue_max?: number
  /** Called whenever the breaker opens or closes. */
  onState?(state: 'closed' | 'open'): void
}

export type Policy = {
  /**
   * Runs `work`, which must be safe to repeat, under the deadline. Throws the error of the last attempt,
   * `DeadlineError` when time ran out (the outcome is unknown), or `RefusedUnsentError` when nothing was sent.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
  state(): 'closed' | 'open'
}

/** Time ran out: the call may or may not have had its effect. */
export class DeadlineError extends Error {
  override name = 'DeadlineError'
}

/** The breaker is open or the queue is full: no call was made, so nothing happened there. */
export class RefusedUnsentError extends Error {
  override name = 'RefusedUnsentError'
}

const RETRY_DELAYS_MS = [100, 200, 400] as const
/** The random share of a delay, so that callers that failed together do not retry together. */
const JITTER = 0.5
const BREAK_SHARE = 0.5
const BREAK_WINDOW_MS = 10_000
/** Below this number of calls a failure rate means little. */
const BREAK_CALLS_PER_S_MIN = 3
const HALF_OPEN_AFTER_MS = 5_000

/**
 * The guard around calls to a neighbour: bulkhead, then deadline, then retries (100, 200, 400 ms with jitter, at most
 * three), then a breaker that opens when half of the tries of ten seconds failed and lets one through every five.
 */
export function createPolicy(options: PolicyOptions): Policy {
  const transient = handleWhen((error) => options.isTransient(error))
  const breaker = circuitBreaker(transient, {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new SamplingBreaker({
      threshold: BREAK_SHARE,
      duration: BREAK_WINDOW_MS,
      minimumRps: BREAK_CALLS_PER_S_MIN,
    }),
  })
  breaker.onBreak(() => options.onState?.('open'))
  breaker.onReset(() => options.onState?.('closed'))
  const policy = wrap(
    bulkhead(options.concurrent_max ?? 64, options.queue_max ?? 1_000),
    timeout(options.deadline_ms, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }),
    retry(transient, {
      maxAttempts: RETRY_DELAYS_MS.length,
      backoff: new DelegateBackoff((context) => delayOf(context.attempt)),
    }),
    breaker,
  )
  return {
    run: async (work) => {
      const tries: unknown[] = []
      try {
        return await policy.execute(async ({ signal }) => {
          tries.push(null)
          try {
            return await work(signal)
          } catch (error) {
            tries[tries.length - 1] = error
            throw error
          }
        })
      } catch (error) {
        throw named(options, error, tries)
      }
    },
    state: () => (breaker.state === CircuitState.Closed ? 'closed' : 'open'),
  }
}

function delayOf(attempt: number): number {
  const delay_ms = RETRY_DELAYS_MS[attempt - 1] ?? RETRY_DELAYS_MS[RETRY_DELAYS_MS.length - 1] ?? 0
  return delay_ms * (1 - JITTER + JITTER * Math.random())
}

/**
 * A breaker that opened between two attempts must not look like `nothing was sent`: the last attempt's failure is
 * thrown.
 */
function named(options: PolicyOptions, error: unknown, tries: readonly unknown[]): unknown {
  if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) {
    if (tries.length > 0) return tries.at(-1)
    return new RefusedUnsentError(`${options.name} is not asked now: ${error.message}`, { cause: error })
  }
  if (error instanceof TaskCancelledError) {
    return new DeadlineError(`${options.name} gave no answer in ${options.deadline_ms} ms`, { cause: error })
  }
  return error
}
