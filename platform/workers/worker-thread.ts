import { parentPort, Worker } from 'node:worker_threads'

export type WorkOutcome<Result> = { kind: 'done'; result: Result } | { kind: 'saturated' }

type Options = {
  /** The description of its work, for errors: `Preparing a chart`. */
  name: string
  /** The module of the thread; it calls `serveJobs`. */
  script: URL
  /** Jobs in progress or queued; further ones are refused. */
  pending_max: number
  /** A thread that exceeds this heap is ended instead of the process. */
  heap_mb_max: number
}

type Waiting<Result> = { resolve(result: Result): void; reject(error: Error): void }
type Request<Job> = { id: number; job: Job }
type Reply<Result> = { id: number; result: Result } | { id: number; error: string }

/** The thread ends after this time without a job: its memory is worth more than the 0.2 s of its start. */
const IDLE_MS = 30_000

/**
 * Runs jobs in one thread, one after the other, so that seconds of computing never delay holds.
 *
 * Modes: asleep (no thread) → working (thread up, jobs pending) → idle (thread up, nothing pending, a timer runs) →
 * asleep. A thread that dies fails the jobs it had, and the next job starts another.
 */
export class WorkerThread<Job, Result> {
  readonly #options: Options
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #jobs = 0
  readonly #waiting = new Map<number, Waiting<Result>>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Transfers the buffers in `transfer`. Refuses (`saturated`) when the queue is full. */
  async run(job: Job, transfer: readonly ArrayBuffer[] = []): Promise<WorkOutcome<Result>> {
    if (this.#waiting.size >= this.#options.pending_max) return { kind: 'saturated' }
    clearTimeout(this.#idle)
    const worker = this.#worker ?? this.#startWorker()
    const id = ++this.#jobs
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#waiting.set(id, { resolve, reject })
    try {
      worker.postMessage({ id, job } satisfies Request<Job>, transfer)
      return { kind: 'done', result: await promise }
    } finally {
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) this.#idle = setTimeout(() => void this.#stopWorker(), IDLE_MS).unref()
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#stopWorker()
  }

  #startWorker(): Worker {
    const { name, script, heap_mb_max } = this.#options
    const worker = new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: heap_mb_max }, execArgv: [] })
    worker.unref()
    worker.on('message', (reply: Reply<Result>) => {
      const waiting = this.#waiting.get(reply.id)
      if ('result' in reply) waiting?.resolve(reply.result)
      else waiting?.reject(new Error(`${name} failed: ${reply.error}`))
    })
    worker.on('error', (error) => this.#onExit(worker, error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', () => this.#onExit(worker, new Error(`${name} failed: the thread ended`)))
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

/** The thread's side: runs each job, in order; `transfer` names the buffers of a result to transfer. */
export function serveJobs<Job, Result>(
  work: (job: Job) => Result | Promise<Result>,
  transfer: (result: Result) => readonly ArrayBuffer[] = () => [],
): void {
  const port = parentPort
  if (port === null) throw new Error('serveJobs is for the module of a WorkerThread')
  const serve = async ({ id, job }: Request<Job>): Promise<void> => {
    try {
      const result = await work(job)
      port.postMessage({ id, result } satisfies Reply<Result>, transfer(result))
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      port.postMessage({ id, error: text } satisfies Reply<Result>)
    }
  }
  let last = Promise.resolve()
  port.on('message', (request: Request<Job>) => {
    last = last.then(() => serve(request))
  })
}
