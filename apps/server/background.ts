import { openPostgresTransport, openRelay, type Relay } from '#platform/bus'
import { BY_KEY, type Db, type DbOptions } from '#platform/db'
import type { Invariant } from '#platform/invariants'
import { type Jobs, openJobs } from '#platform/jobs'
import type { Telemetry } from '#platform/telemetry'
import type { OpenContext } from './open-contexts.ts'
import { invariantJobs } from './watch-invariants.ts'

const POLL_ALONE_MS = 250
const POLL_AMONG_OTHERS_MS = 25

type Parts = {
  open(options: Partial<DbOptions>): Db
  database_url: string
  telemetry: Telemetry
  opened: readonly OpenContext[]
  auditor: Db
  invariants: readonly Invariant[]
  /** The number of other live processes. */
  others(): number
  /** Connections of the relay, including the one that holds its lock. */
  connections: number
}

/** Background work: the relay that delivers events, and the jobs. */
export type Background = { relay: Relay; jobs: Jobs; start(): Promise<void>; closeRelay(): Promise<void> }

export function openBackground({
  open,
  database_url,
  telemetry,
  opened,
  others,
  connections,
  ...watched
}: Parts): Background {
  // Planned once: with plans of its own, each look at an outbox took longer to plan than to run.
  const db = open({ role: 'tessera_relay', connections_max: connections, settings: BY_KEY })
  const relay = openRelay({
    db,
    transport: openPostgresTransport(db),
    consumers: opened.flatMap((context) => context.consumers.map((consumer) => ({ consumer, db: context.db }))),
    telemetry,
    poll_ms: () => (others() > 0 ? POLL_AMONG_OTHERS_MS : POLL_ALONE_MS),
  })
  const jobs = openJobs({
    url: database_url,
    jobs: [...opened.flatMap((context) => context.jobs), ...invariantJobs({ ...watched, recorder: db, telemetry })],
    telemetry,
    leading: relay.leading,
  })
  return {
    relay,
    jobs,
    start: async () => {
      relay.start()
      await jobs.start()
    },
    closeRelay: async () => {
      await relay.close()
      await db.close()
    },
  }
}
