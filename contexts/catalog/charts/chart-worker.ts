import { WorkerThread } from '#platform/workers'
import type { PrepareOutcome } from './prepare-chart.ts'

type ChartWorkerOutcome = PrepareOutcome | { kind: 'saturated' }

/** Charts in progress or queued in one process; each may be 64 MB. */
const PENDING_MAX = 8
const HEAP_MB_MAX = 1_024

/** Prepares charts in a thread: 80,000 seats take seconds. */
export class ChartWorker {
  readonly #thread = new WorkerThread<Uint8Array, PrepareOutcome>({
    name: 'Preparing a chart',
    script: new URL('./chart-worker-thread.ts', import.meta.url),
    pending_max: PENDING_MAX,
    heap_mb_max: HEAP_MB_MAX,
  })

  /** Copies the bytes. Refuses (`saturated`) when the queue is full. */
  async prepare(bytes: Uint8Array): Promise<ChartWorkerOutcome> {
    // Copied, then transferred: small request bodies share their memory with others.
    const own = Uint8Array.from(bytes)
    const outcome = await this.#thread.run(own, [own.buffer])
    return outcome.kind === 'done' ? outcome.result : outcome
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}
