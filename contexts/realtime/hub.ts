import type { ServerResponse } from 'node:http'
import type { Log } from '#platform/telemetry'
import { seatsFrame } from './documents.ts'
import type { View, Views } from './views.ts'

type HubOptions = { views: Views; log: Log }

/** A reader whose unsent bytes grow beyond this is ended: he resumes by version when he can read again. */
const UNSENT_BYTES_MAX = 1_048_576
/** Changes within this time are one message. */
const COALESCE_MS = 50
const KEEP_ALIVE_MS = 15_000
/** The net under lost signals. */
const LOOK_MS = 1_000
const RETRY_MS = 1_000
const RETRY_SPREAD_MS = 3_000

/**
 * The streams of this process. Changes of a performance are gathered for 50 ms, made into one frame, and the same bytes
 * go to every reader. A reader is a socket and nothing else (21 kB each, measured); a slow one is ended, not waited for.
 */
export class Hub {
  readonly #o: HubOptions
  readonly #readers = new Map<string, Set<ServerResponse>>()
  readonly #moving = new Set<string>()
  readonly #timers: NodeJS.Timeout[] = []

  constructor(options: HubOptions) {
    this.#o = options
    this.#timers.push(
      setInterval(() => this.#keepAlive(), KEEP_ALIVE_MS),
      setInterval(() => void this.#look(), LOOK_MS),
    )
    for (const timer of this.#timers) timer.unref()
  }

  /** Something changed in this performance: refresh soon, once for all that comes meanwhile. */
  changed(performance_id: string): void {
    if (this.#moving.has(performance_id)) return
    this.#moving.add(performance_id)
    setTimeout(() => void this.#move(performance_id), COALESCE_MS)
  }

  /**
   * A reader joins, at `last_version` if it had one. It gets what it missed, or `reset` when that is not known any more,
   * or, new, the version that the stream begins at.
   */
  async join(view: View, response: ServerResponse, last_version: number | null): Promise<void> {
    const { performance_id } = view.facts
    const readers = this.#readers.get(performance_id) ?? new Set()
    this.#readers.set(performance_id, readers)
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    response.write(`retry: ${RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS)}\n\n`)
    response.on('close', () => this.#leave(performance_id, response))
    const missed =
      last_version === null
        ? { previous: view.version, version: view.version, seats: new Map() }
        : await this.#o.views.since(view, last_version)
    if (response.destroyed) return
    if (missed === undefined) response.write('event: reset\ndata: {}\n\n')
    else if (missed.version > (last_version ?? -1)) response.write(seatsFrame(view, missed))
    readers.add(response)
    // What came between the look-up and now goes to everyone with the next change; a gap shows by its version.
    if (view.version > (missed?.version ?? view.version)) this.changed(performance_id)
  }

  readers(): number {
    let count = 0
    for (const readers of this.#readers.values()) count += readers.size
    return count
  }

  /** The process stops: every reader is sent away and comes back, spread over a few seconds, elsewhere. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const readers of this.#readers.values()) for (const response of readers) response.end()
    this.#readers.clear()
  }

  async #move(performance_id: string): Promise<void> {
    this.#moving.delete(performance_id)
    try {
      const view = await this.#o.views.get(performance_id)
      const changes = await this.#o.views.refresh(performance_id)
      if (view === undefined || changes === null) return
      const readers = this.#readers.get(performance_id)
      if (readers === undefined || readers.size === 0) return
      const frame = Buffer.from(seatsFrame(view, changes))
      for (const response of readers) {
        if (response.writableLength > UNSENT_BYTES_MAX) response.destroy()
        else response.write(frame)
      }
    } catch (error) {
      this.#o.log.warn({ err: error, performance_id }, 'seat changes could not be read; looked at again in a second')
    }
  }

  #leave(performance_id: string, response: ServerResponse): void {
    const readers = this.#readers.get(performance_id)
    readers?.delete(response)
    if (readers?.size === 0) this.#readers.delete(performance_id)
  }

  #keepAlive(): void {
    for (const readers of this.#readers.values()) for (const response of readers) response.write(': still here\n\n')
  }

  async #look(): Promise<void> {
    try {
      for (const performance_id of await this.#o.views.behind()) this.changed(performance_id)
    } catch (error) {
      this.#o.log.warn({ err: error }, 'versions could not be compared; tried again in a second')
    }
  }
}
