import { Worker } from 'node:worker_threads'
import type { ChartJob } from './chart-worker-thread.ts'
import type { PrepareOutcome } from './prepare-chart.ts'

type ChartWorkerOutcome = PrepareOutcome | { kind: 'saturated' }

type Waiting = { resolve(outcome: PrepareOutcome): void; reject(error: Error): void }
type Message = { job: number; outcome: PrepareOutcome } | { job: number; error: string }

/** Charts under work or waiting in one process; each may be 64 MB. */
const PENDING_MAX = 8
/** The thread ends when nobody brought a chart for so long: its memory is worth more than the 0.2 s of its start. */
const IDLE_MS = 30_000
/** A thread that wants more than this is ended instead of the process. */
const HEAP_MB_MAX = 1_024

/**
 * Prepares charts in one thread, one after the other, so that 80,000 seats never stand between two holds.
 *
 * Modes: asleep (no thread) → working (thread up, charts pending) → idle (thread up, nothing pending, a timer runs) →
 * asleep. A thread that dies fails the charts it had and the next chart starts another.
 */
export class ChartWorker {
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #jobs = 0
  readonly #waiting = new Map<number, Waiting>()

  /** Takes a copy of the bytes. Refuses (`saturated`) when too many charts are waiting. */
  async prepare(bytes: Uint8Array): Promise<ChartWorkerOutcome> {
    if (this.#waiting.size >= PENDING_MAX) return { kind: 'saturated' }
    clearTimeout(this.#idle)
    const worker = this.#worker ?? this.#startWorker()
    const job = ++this.#jobs
    const { promise, resolve, reject } = Promise.withResolvers<PrepareOutcome>()
    this.#waiting.set(job, { resolve, reject })
    // Copied, then handed over: small request bodies share their memory with others.
    const own = Uint8Array.from(bytes)
    worker.postMessage({ job, bytes: own } satisfies ChartJob, [own.buffer])
    try {
      return await promise
    } finally {
      this.#waiting.delete(job)
      if (this.#waiting.size === 0) this.#idle = setTimeout(() => void this.#stopWorker(), IDLE_MS).unref()
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#stopWorker()
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('./chart-worker-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
      execArgv: [],
    })
    worker.unref()
    worker.on('message', (message: Message) => {
      const waiting = this.#waiting.get(message.job)
      if ('outcome' in message) waiting?.resolve(message.outcome)
      else waiting?.reject(new Error(`Preparing a chart failed: ${message.error}`))
    })
    worker.on('error', (error) => this.#onExit(worker, error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => this.#onExit(worker, new Error('The chart thread ended')))
    this.#worker = worker
    return worker
  }

  #onExit(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    for (const waiting of this.#waiting.values()) waiting.reject(error)
  }

  async #stopWorker(): Promise<void> {
    const worker = this.#worker
    await worker?.terminate()
  }
}
