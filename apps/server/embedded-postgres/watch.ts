import { setTimeout as delay } from 'node:timers/promises'
import { dropBallast, ensureBallast, freeBytes, hasBallast } from './ballast.ts'
import type { DataDirectory } from './data-directory.ts'
import {
  clearLeftovers,
  endPostmaster,
  type Launch,
  type Postmaster,
  spawnPostmaster,
  untilReady,
} from './postmaster.ts'
import { EmbeddedPostgresError } from './problem.ts'

export type Log = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

type Options = {
  data: DataDirectory
  log: Log
  ballast_bytes: number
  throwaway: boolean
  adopted?: { postmaster: Postmaster; launch: Launch }
  launch: () => Promise<Launch>
}

type Attempt = { kind: 'ready' } | { kind: 'exited'; last_words: string }

/** Delays before the next start after 0, 1, 2 … failures in a row: none for a server that was merely killed. */
const BACKOFF_MS = [0, 100, 250, 500, 1_000, 2_000]
/** A server that ran this long had recovered: its end is a new failure, not one more in a row. */
const SOUND_MS = 1_000
const FIRST_TRIES_MAX = 3
const LOGGED_LINES = 4
const BALLAST_EVERY_MS = 30_000
/** One log segment is 4 MB (16 in older clusters); PostgreSQL cannot recover with less than this. */
const FULL_BELOW_BYTES = 20 * 1024 * 1024

/**
 * Keeps one PostgreSQL running. Modes: starting (a server that ends is an error) → running → restarting (it ended
 * unexpectedly; retried with back-off and without limit, since its clients reconnect by themselves) → running …; end()
 * leads from any of them to ended.
 */
export class WatchedPostgres {
  readonly #options: Options
  readonly #ending = new AbortController()
  #postmaster: Postmaster | null = null
  #watching: Promise<void> = Promise.resolve()
  #ballast: Promise<void> = Promise.resolve()
  #ballast_timer: NodeJS.Timeout | undefined
  #failures = 0

  constructor(options: Options) {
    this.#options = options
  }

  get pid(): number {
    return this.#postmaster?.pid ?? 0
  }

  /** Resolves when it accepts connections. */
  async begin(): Promise<Launch> {
    const launch = this.#takeOver() ?? (await this.#firstStart())
    if (this.#options.throwaway) process.once('exit', this.#endAtExit)
    this.#watching = this.#watch(launch)
    this.#keepBallast()
    this.#ballast_timer = setInterval(() => this.#keepBallast(), BALLAST_EVERY_MS).unref()
    return launch
  }

  async end(within_ms: number): Promise<void> {
    this.#ending.abort()
    clearInterval(this.#ballast_timer)
    process.off('exit', this.#endAtExit)
    if (this.#postmaster)
      await endPostmaster(this.#postmaster, this.#options.throwaway ? 'immediate' : 'fast', within_ms)
    await Promise.all([this.#watching, this.#ballast])
    // When it ended during a restart, the killed server's backends may still exist.
    await clearLeftovers(this.#options.data.cluster)
  }

  #takeOver(): Launch | null {
    const { adopted, log } = this.#options
    if (!adopted) return null
    this.#postmaster = adopted.postmaster
    log.info({ pid: adopted.postmaster.pid }, 'Adopted the PostgreSQL left running by an earlier start')
    return adopted.launch
  }

  async #firstStart(): Promise<Launch> {
    const { data } = this.#options
    const left = await clearLeftovers(data.cluster)
    if (left > 0)
      this.#options.log.warn(
        { processes: left },
        'Ended the remaining processes of an earlier PostgreSQL on this data directory',
      )
    let last_words = ''
    for (let tries = 0; tries < FIRST_TRIES_MAX; tries++) {
      const launch = await this.#options.launch()
      const attempt = await this.#attempt(launch)
      if (attempt.kind === 'ready') return launch
      last_words = attempt.last_words
      if (await this.#isFull(last_words)) {
        if (!(await this.#makeRoom())) throw diskFull(data)
      }
    }
    throw new EmbeddedPostgresError(
      'cannot-start',
      `PostgreSQL does not start on ${data.cluster}. The end of ${data.log}:\n${last_words}`,
    )
  }

  async #attempt(launch: Launch): Promise<Attempt> {
    const { data, log } = this.#options
    await clearLeftovers(data.cluster)
    const postmaster = await spawnPostmaster(launch)
    this.#postmaster = postmaster
    if (this.#ending.signal.aborted) await endPostmaster(postmaster, 'immediate', 0)
    const became = await untilReady(postmaster, data.cluster, () => {
      log.info({ pid: postmaster.pid }, 'PostgreSQL is recovering after a crash; this can take a while')
      void this.#freeOfFullDisk(postmaster)
    })
    return became === 'ready' ? { kind: 'ready' } : { kind: 'exited', last_words: await postmaster.exited }
  }

  /** Recovery without space does not always end by itself; while there is ballast, it is stopped to free it. */
  async #freeOfFullDisk(postmaster: Postmaster): Promise<void> {
    const stuck = (await this.#isFull('')) && (await hasBallast(this.#options.data.ballast))
    if (stuck) await endPostmaster(postmaster, 'immediate', 0)
  }

  async #watch(launch: Launch): Promise<void> {
    let ready_at = performance.now()
    while (this.#postmaster) {
      const last_words = await this.#postmaster.exited
      if (this.#ending.signal.aborted) return
      if (performance.now() - ready_at > SOUND_MS) this.#failures = 0
      this.#options.log.error(
        { pid: this.pid, last_words: lastLines(last_words) },
        'PostgreSQL ended unasked; starting it again',
      )
      if (!(await this.#restart(launch, last_words))) return
      ready_at = performance.now()
      this.#options.log.info({ pid: this.pid }, 'PostgreSQL is running again')
    }
  }

  /** False when end() was called in between. */
  async #restart(launch: Launch, first_words: string): Promise<boolean> {
    let last_words = first_words
    for (;;) {
      if (await this.#isFull(last_words)) await this.#makeRoom()
      const wait_ms = BACKOFF_MS[Math.min(this.#failures++, BACKOFF_MS.length - 1)]
      await delay(wait_ms, undefined, { signal: this.#ending.signal }).catch(() => undefined)
      if (this.#ending.signal.aborted) return false
      const attempt = await this.#attempt(launch)
      if (this.#ending.signal.aborted) return false
      if (attempt.kind === 'ready') return true
      last_words = attempt.last_words
      this.#options.log.error(
        { failures: this.#failures, last_words: lastLines(last_words) },
        'PostgreSQL did not start; trying again',
      )
    }
  }

  /** A full disk takes no log lines either, so the log alone does not show it. */
  async #isFull(last_words: string): Promise<boolean> {
    const free = await freeBytes(this.#options.data.dir).catch(() => Number.POSITIVE_INFINITY)
    return last_words.includes('No space left on device') || free < FULL_BELOW_BYTES
  }

  async #makeRoom(): Promise<boolean> {
    const { data, log } = this.#options
    await this.#ballast
    const dropped = await dropBallast(data.ballast)
    const free_bytes = await freeBytes(data.dir).catch(() => 0)
    log.error(
      { free_bytes, dir: data.dir },
      dropped
        ? 'THE DISK IS FULL: PostgreSQL stopped. Its reserve was given up so that it can recover; nothing confirmed is lost. Make room now.'
        : 'THE DISK IS FULL: PostgreSQL cannot start until there is room. Nothing confirmed is lost. Make room now.',
    )
    return dropped
  }

  #keepBallast(): void {
    const { data, ballast_bytes, log } = this.#options
    if (ballast_bytes === 0) return
    const made = async () => {
      if (!(await ensureBallast(data.ballast, ballast_bytes))) {
        log.warn({ dir: data.dir }, 'The disk is nearly full: no room for the reserve that lets PostgreSQL recover')
      }
    }
    this.#ballast = this.#ballast
      .then(made)
      .catch((error: unknown) => log.warn({ error }, 'The disk reserve could not be made'))
  }

  /** A process that exits without stop() leaves a durable server running to be adopted, but no throwaway one. */
  readonly #endAtExit = (): void => {
    if (this.#postmaster) process.kill(this.#postmaster.pid, 'SIGQUIT')
  }
}

function lastLines(text: string): string[] {
  return text.split('\n').slice(-LOGGED_LINES)
}

export function diskFull(data: DataDirectory): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk-full',
    `The disk that holds ${data.dir} is full, and PostgreSQL cannot start. Nothing confirmed is lost.\nMake room (300 MB or more) and start again.`,
  )
}
