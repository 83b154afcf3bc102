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
  /** Of the neighbour that is called; stands in errors and metrics. */
  name: string
  /** For one call with all its tries. */
  deadline_ms: number
  /** Failures that may pass by themselves: they are tried again and count against the breaker. The rest is an answer. */
  isTransient(error: unknown): boolean
  /** Calls under way at once; more wait in the queue. */
  concurrent_max?: number
  /** Calls that may wait for their turn; more are refused at once. */
  queue_max?: number
  /** Told whenever the breaker opens or closes. */
  onState?(state: 'closed' | 'open'): void
}

export type Policy = {
  /**
   * Runs `work`, which must be safe to repeat, under the deadline. Throws what `work` threw in its last try,
   * `DeadlineError` when time ran out (the outcome is unknown), or `RefusedUnsentError` when nothing was sent.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
  state(): 'closed' | 'open'
}

/** Time ran out: the call may have had its effect or not. */
export class DeadlineError extends Error {
  override name = 'DeadlineError'
}

/** The breaker is open or the queue is full: the neighbour was not asked, so nothing happened there. */
export class RefusedUnsentError extends Error {
  override name = 'RefusedUnsentError'
}

const RETRY_DELAYS_MS = [100, 200, 400] as const
/** The share of a delay that is random, so that those who failed together do not return together. */
const JITTER = 0.5
const BREAK_SHARE = 0.5
const BREAK_WINDOW_MS = 10_000
/** Below this rate a failure says little about the neighbour. */
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

/** A breaker that opened between two tries must not pass for `nothing was sent`: then the last try's failure is told. */
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
