import type { Storage } from '#platform/storage'
import { WorkerThread } from '#platform/workers'
import type { TicketPrint } from './printed-ticket.ts'

export type PrintOutcome = { kind: 'printed'; pdf: Buffer } | { kind: 'saturated' }

/** Prints in progress or queued in one process. */
const PENDING_MAX = 32
const HEAP_MB_MAX = 512

/** Draws tickets in a thread and stores the prints; concurrent requests for the same print share it. */
export class TicketPrinter {
  readonly #storage: Storage
  readonly #thread = new WorkerThread<TicketPrint, Uint8Array>({
    name: 'Drawing tickets',
    script: new URL('./print-worker-thread.ts', import.meta.url),
    pending_max: PENDING_MAX,
    heap_mb_max: HEAP_MB_MAX,
  })
  readonly #under_way = new Map<string, Promise<PrintOutcome>>()

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** The print stored under `key`, or a new one. Refuses (`saturated`) when the queue is full. */
  print(key: string, print: TicketPrint): Promise<PrintOutcome> {
    const begun = this.#under_way.get(key)
    if (begun !== undefined) return begun
    const printing = this.#print(key, print).finally(() => this.#under_way.delete(key))
    this.#under_way.set(key, printing)
    return printing
  }

  close(): Promise<void> {
    return this.#thread.close()
  }

  async #print(key: string, print: TicketPrint): Promise<PrintOutcome> {
    const stored = await this.#storage.get(key)
    if (stored !== undefined) return { kind: 'printed', pdf: Buffer.from(stored) }
    const drawn = await this.#thread.run(print)
    if (drawn.kind === 'saturated') return drawn
    await this.#storage.put(key, drawn.result)
    return { kind: 'printed', pdf: Buffer.from(drawn.result.buffer) }
  }
}
