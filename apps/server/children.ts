import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { CANNOT_RUN_EXIT_CODE, type ReadyMessage } from '#platform/lifecycle'

export type ChildPlan = {
  name: string
  script: string
  args?: readonly string[]
  /** Its whole environment: a child gets only what it needs. */
  env: Readonly<Record<string, string | undefined>>
  /** The account that it runs as; absent: that of this process. */
  account?: { uid: number; gid: number }
  node_flags?: readonly string[]
}

export type Tell = (line: string) => void

/** The result of a child's first start: it serves, or it ended too often before it ever served. */
export type FirstStart =
  | { kind: 'ready'; message: ReadyMessage }
  /** `final`: the child reported that restarting would not help. */
  | { kind: 'failed'; reason: string; final?: true }
  | { kind: 'stopped' }

/**
 * Delays before the next start after 0, 1, 2 … failures in a row: none for a child that was merely killed; short enough
 * that, with its start, it is never away for five seconds.
 */
const BACKOFF_MS = [0, 100, 300, 1_000, 2_000]
/** A child that served this long was healthy: its end is a new failure, not one more in a row. */
const SOUND_MS = 1_000
/** A child that ends this often before it ever served will not recover by restarting. */
const FIRST_TRIES_MAX = 3
const STILL_STARTING_MS = 10_000

/**
 * One process of the product, kept running. Modes: starting (until its ready message) → serving → restarting (it ended
 * unexpectedly; without limit, with back-off) → serving …; failed (it never served); stop() leads from any of them to
 * stopped.
 */
export class Child {
  readonly #plan: ChildPlan
  readonly #tell: Tell
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  readonly first: Promise<FirstStart>
  #process: ChildProcess | null = null

  constructor(plan: ChildPlan, tell: Tell) {
    this.#plan = plan
    this.#tell = tell
    const first = Promise.withResolvers<FirstStart>()
    this.first = first.promise
    this.#running = this.#run(first.resolve).then(() => first.resolve({ kind: 'stopped' }))
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** SIGTERM, then SIGKILL if it has not ended `within_ms`. Resolves when the process has ended. */
  async stop(within_ms: number): Promise<void> {
    this.#stopping.abort()
    this.#process?.kill('SIGTERM')
    const late = setTimeout(() => {
      this.#tell(`${this.#plan.name} did not stop within ${within_ms / 1_000} s; ended`)
      this.#process?.kill('SIGKILL')
    }, within_ms)
    await this.#running
    clearTimeout(late)
  }

  async #run(first: (outcome: FirstStart) => void): Promise<void> {
    let served_ever = false
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      const wait_ms = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)]
      await delay(wait_ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      if (this.#stopping.signal.aborted) return

      const life = await this.#live((message, took_ms) => {
        if (served_ever) this.#tell(`${this.#plan.name} serves again (${seconds(took_ms)})`)
        served_ever = true
        first({ kind: 'ready', message })
      })
      if (this.#stopping.signal.aborted) return
      if (!served_ever && life.how === `exit code ${CANNOT_RUN_EXIT_CODE}`) {
        return first({ kind: 'failed', reason: `${this.#plan.name} cannot run with these settings`, final: true })
      }
      failures = life.served_ms > SOUND_MS ? 0 : failures + 1
      if (!served_ever && failures >= FIRST_TRIES_MAX) {
        return first({
          kind: 'failed',
          reason: `${this.#plan.name} ended before it served (${life.how}), ${FIRST_TRIES_MAX} times`,
        })
      }
      this.#tell(`${this.#plan.name} ended (${life.how}); starting it again`)
    }
  }

  /** Runs the process once, from its start to its end. */
  async #live(onReady: (message: ReadyMessage, took_ms: number) => void): Promise<{ served_ms: number; how: string }> {
    const begun = performance.now()
    let ready_at: number | null = null
    // A session of its own: Ctrl-C in the terminal goes to the supervisor alone, which stops its children in order.
    const child = fork(this.#plan.script, this.#plan.args ?? [], {
      env: this.#plan.env,
      ...this.#plan.account,
      detached: true,
      execArgv: [...(this.#plan.node_flags ?? [])],
    })
    this.#process = child
    const slow = setInterval(
      () => this.#tell(`${this.#plan.name} is still starting (${seconds(performance.now() - begun)})`),
      STILL_STARTING_MS,
    )
    child.on('message', (message) => {
      if (!isReady(message) || ready_at !== null) return
      ready_at = performance.now()
      clearInterval(slow)
      onReady(message, ready_at - begun)
    })
    const how = await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    clearInterval(slow)
    this.#process = null
    return { served_ms: ready_at === null ? 0 : performance.now() - ready_at, how }
  }
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'ready' in message && message.ready === true
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
