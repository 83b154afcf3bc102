import { type CronItem, parseCronItems, type Runner, run, type TaskList } from 'graphile-worker'
import type pg from 'pg'
import { openPool } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'

/** Scheduled work. Idempotent: it may run twice, late, or by hand for another time. */
export type Job = {
  /** `<context>.<verb>`: `booking.announce-expired`. */
  name: string
  /** Five-field cron in UTC, run once over all processes, missed runs caught up (graphile-worker). */
  cron?: string
  /** A short interval instead, run by the leading process only. */
  every_ms?: number
  /** `as_of` is the time to act for; null means now, by the database's clock. */
  run(input: { as_of: string | null }): Promise<void>
  /**
   * Resumes at once the work that a dead process left unfinished: called when this process becomes the leader, when it
   * leads and another process has gone, and again while it returns that some work is unfinished.
   */
  resume?(): Promise<boolean>
}

export type Jobs = {
  start(): Promise<void>
  /** Another process has gone: a leader resumes every job now. */
  resume(): void
  /** Runs any job by hand, as if it were `as_of`. */
  runNow(name: string, as_of: string | null): Promise<void>
  names(): string[]
  close(): Promise<void>
}

const BACKFILL_MS = 60 * 60 * 1_000
const CONCURRENCY = 2
const CONNECTIONS_MAX = 3
const LEAD_LOOK_MS = 100
const RESUME_AGAIN_MS = 1_000
const RESUMES_MAX = 10

export function openJobs(options: {
  url: string
  jobs: readonly Job[]
  telemetry: Telemetry
  leading: () => boolean
}): Jobs {
  const { jobs, telemetry } = options
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const failures = telemetry.counter('job_failures_total', 'Runs of a job that threw', ['job'])
  const resuming = openResuming(jobs, options.leading, telemetry)
  let runner: Runner | undefined
  let pool: pg.Pool | undefined
  const timers: NodeJS.Timeout[] = []
  const underWay = new Set<Promise<void>>()

  const track = (work: Promise<void>): void => {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }

  const tick = (job: Job, every_ms: number): void => {
    let busy = false
    const beat = async (): Promise<void> => {
      if (busy || !options.leading()) return
      busy = true
      try {
        await job.run({ as_of: null })
      } catch (error) {
        failures.inc({ job: job.name })
        telemetry.log.warn({ err: error, job: job.name }, 'job failed; it will run again at its next interval')
      } finally {
        busy = false
      }
    }
    timers.push(
      setInterval(() => {
        track(beat())
      }, every_ms),
    )
  }

  return {
    start: async () => {
      timers.push(setInterval(() => track(resuming.look()), LEAD_LOOK_MS))
      for (const job of jobs) if (job.every_ms !== undefined) tick(job, job.every_ms)
      const timed = jobs.filter((job) => job.cron !== undefined)
      if (timed.length === 0) return
      // A pool of our own: the runner would not wait for the end of one of its own.
      pool = openPool({
        url: options.url,
        application_name: 'tessera-jobs',
        connections_max: CONNECTIONS_MAX,
        onError: (err) => telemetry.log.warn({ err }, 'the job runner lost a connection'),
      })
      runner = await runCron(pool, timed, telemetry)
    },
    resume: resuming.wake,
    runNow: async (name, as_of) => {
      const job = byName.get(name)
      if (job === undefined)
        throw new Error(`There is no job ${name}; the jobs are ${[...byName.keys()].sort().join(', ')}`)
      await job.run({ as_of })
    },
    names: () => [...byName.keys()],
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await runner?.stop()
      await pool?.end()
      await Promise.all(underWay)
    },
  }
}

async function runCron(pool: pg.Pool, jobs: readonly Job[], telemetry: Telemetry): Promise<Runner> {
  const taskList: TaskList = {}
  const items: CronItem[] = []
  for (const job of jobs) {
    taskList[job.name] = async () => job.run({ as_of: null })
    items.push({
      task: job.name,
      match: job.cron ?? '',
      options: { backfillPeriod: BACKFILL_MS },
      identifier: job.name,
    })
  }
  return run({
    pgPool: pool,
    concurrency: CONCURRENCY,
    taskList,
    parsedCronItems: parseCronItems(items),
    noHandleSignals: true,
    logger: new (await import('graphile-worker')).Logger(() => (level, message) => {
      if (level === 'error' || level === 'warning') telemetry.log.warn({ worker: message }, 'job runner')
    }),
  })
}

type Resuming = { look(): Promise<void>; wake(): void }

/**
 * Resumes every job when this process becomes the leader or is woken while it leads, and again each second while some
 * work is unfinished. `look` is called at intervals.
 */
function openResuming(jobs: readonly Job[], leading: () => boolean, telemetry: Telemetry): Resuming {
  let left = 0
  let led = false
  let due_ms = 0
  let busy = false
  let woken = false
  const wake = (): void => {
    woken = true
  }
  const look = async (): Promise<void> => {
    const leads = leading()
    if (leads && !led) woken = true
    led = leads
    if (!leads || busy) return
    if (woken) {
      left = RESUMES_MAX
      due_ms = 0
      woken = false
    }
    if (left === 0 || performance.now() < due_ms) return
    busy = true
    const outcomes = await Promise.all(jobs.map((job) => resumed(job, telemetry)))
    left = outcomes.includes(true) ? left - 1 : 0
    due_ms = performance.now() + RESUME_AGAIN_MS
    busy = false
  }
  return { look, wake }
}

async function resumed(job: Job, telemetry: Telemetry): Promise<boolean> {
  try {
    return (await job.resume?.()) ?? false
  } catch (error) {
    telemetry.log.warn({ err: error, job: job.name }, 'unfinished work could not be resumed; retrying')
    return true
  }
}
