import type { ServerResponse } from 'node:http'
import type { Log } from '#platform/telemetry'
import { seatsFrame } from './documents.ts'
import { changesSince, type View, type Views } from './views.ts'

type HubOptions = { views: Views; log: Log }

/** The readers of one performance; all of them have received everything up to `sent`. */
type Channel = { sent: number; readers: Set<ServerResponse> }

/** A reader whose unsent bytes exceed this is disconnected: it resumes by version when it can read again. */
const UNSENT_BYTES_MAX = 1_048_576
/** Changes within this time are one message. */
const COALESCE_MS = 50
const KEEP_ALIVE_MS = 15_000
/** Interval of the check for lost signals. */
const LOOK_MS = 1_000
const RETRY_MS = 1_000
const RETRY_SPREAD_MS = 3_000
const RESET = 'event: reset\ndata: {}\n\n'

/**
 * The streams of this process. Changes of a performance are gathered for 50 ms, made into one frame, and the same bytes
 * go to every reader. A channel remembers the version it last sent, so that each frame follows the one before even when
 * the view was dropped or reloaded in between; a reader that applies every frame need not compare versions. A reader is
 * a socket and nothing else (21 kB each, measured); a slow one is disconnected, not waited for.
 */
export class Hub {
  readonly #o: HubOptions
  readonly #channels = new Map<string, Channel>()
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

  /** Schedules a refresh after a change, one for all changes until then. */
  changed(performance_id: string): void {
    if (this.#moving.has(performance_id)) return
    this.#moving.add(performance_id)
    setTimeout(() => void this.#move(performance_id), COALESCE_MS)
  }

  /**
   * Adds a reader, at `last_version` if it had one. It receives the changes since, or `reset` when they are not known
   * any more, or, when new, the version that the stream begins at. The database is read only when the reader is ahead
   * of this process.
   */
  async join(known: View, response: ServerResponse, last_version: number | null): Promise<void> {
    const { performance_id } = known.facts
    const isAhead = last_version !== null && last_version > known.version
    const view = isAhead ? ((await this.#o.views.refresh(performance_id)) ?? known) : known
    if (response.destroyed) return
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    response.write(`retry: ${RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS)}\n\n`)
    // Present readers are brought to the version at which the new reader begins.
    this.#send(view)
    const missed = changesSince(view, last_version ?? view.version)
    if (missed === undefined) response.write(RESET)
    else if (missed.version !== last_version) response.write(seatsFrame(view, missed))
    const channel = this.#channels.get(performance_id) ?? { sent: view.version, readers: new Set() }
    this.#channels.set(performance_id, channel)
    channel.readers.add(response)
    response.on('close', () => this.#leave(performance_id, response))
  }

  readers(): number {
    let count = 0
    for (const { readers } of this.#channels.values()) count += readers.size
    return count
  }

  /** The process stops: every reader is disconnected and reconnects elsewhere, spread over a few seconds. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
    for (const { readers } of this.#channels.values()) for (const response of readers) response.end()
    this.#channels.clear()
  }

  async #move(performance_id: string): Promise<void> {
    this.#moving.delete(performance_id)
    try {
      const view = await this.#o.views.refresh(performance_id)
      if (view !== undefined) this.#send(view)
    } catch (error) {
      this.#o.log.warn({ err: error, performance_id }, 'seat changes could not be read; retrying in a second')
    }
  }

  /** Sends the changes since the channel's last frame. A view behind the channel comes from a replay. */
  #send(view: View): void {
    const channel = this.#channels.get(view.facts.performance_id)
    if (channel === undefined || view.version === channel.sent) return
    const changes = changesSince(view, channel.sent)
    channel.sent = view.version
    const frame = Buffer.from(changes === undefined ? RESET : seatsFrame(view, changes))
    for (const response of channel.readers) {
      if (response.writableLength > UNSENT_BYTES_MAX) response.destroy()
      else response.write(frame)
    }
  }

  #leave(performance_id: string, response: ServerResponse): void {
    const channel = this.#channels.get(performance_id)
    channel?.readers.delete(response)
    if (channel?.readers.size === 0) this.#channels.delete(performance_id)
  }

  #keepAlive(): void {
    for (const { readers } of this.#channels.values())
      for (const response of readers) response.write(': keep-alive\n\n')
  }

  async #look(): Promise<void> {
    try {
      const versions = await this.#o.views.versions([...new Set([...this.#channels.keys(), ...this.#o.views.loaded()])])
      for (const [performance_id, version] of versions) {
        const shown = await this.#o.views.versionOf(performance_id)
        const sent = this.#channels.get(performance_id)?.sent ?? shown
        if (Math.min(shown ?? version, sent ?? version) < version) this.changed(performance_id)
      }
    } catch (error) {
      this.#o.log.warn({ err: error }, 'versions could not be compared; retrying in a second')
    }
  }
}
