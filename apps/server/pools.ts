import { type Db, type DbOptions, openDb } from '#platform/db'
import { AUDIT_SETTINGS } from '#platform/invariants'
import type { Telemetry } from '#platform/telemetry'
import { databaseUrlOf, directUrlOf, type Settings } from './config.ts'
import type { ConnectionPlan } from './connections.ts'

/** A slice takes a fraction of a second, but it may be that of one very large performance, on a busy server. */
const AUDIT_STATEMENT_MS = 60_000
const HEALTH_STATEMENT_MS = 2_000

/** The pools that belong to no context. */
export type Pools = {
  /** A pool on PostgreSQL itself, for work that needs a session. */
  openDirect(options: Partial<DbOptions>): Db
  /** A pool that may run through a pooler in transaction mode. */
  open(options: Partial<DbOptions>): Db
  /** For seeds and tools. */
  owner: Db
  auditor: Db
  health: Db
  /** Listens for signals. */
  listener: Db
  close(): Promise<void>
}

type Options = {
  settings: Settings
  pooled: boolean
  connections: ConnectionPlan
  telemetry: Telemetry
  onPublished(topics: Iterable<string>): void
}

export function openPools({ settings, pooled, connections, telemetry, onPublished }: Options): Pools {
  const openDirect = (options: Partial<DbOptions>): Db =>
    openDb({
      url: directUrlOf(settings),
      onPublished,
      onError: (err) => telemetry.log.warn({ err }, 'a database connection was lost'),
      ...options,
    })
  const open = (options: Partial<DbOptions>): Db => openDirect({ url: databaseUrlOf(settings), pooled, ...options })
  const owner = openDirect({ application_name: 'tessera-owner', connections_max: connections.owner })
  const auditor = open({
    role: 'tessera_auditor',
    connections_max: connections.auditor,
    settings: AUDIT_SETTINGS,
    statement_timeout_ms: AUDIT_STATEMENT_MS,
  })
  // A pool of its own: health does not depend on the load of other connections.
  const health = open({
    application_name: 'tessera-health',
    connections_max: 1,
    statement_timeout_ms: HEALTH_STATEMENT_MS,
  })
  const listener = openDirect({ application_name: 'tessera-signals', connections_max: 1 })
  const close = async (): Promise<void> => {
    await Promise.all([owner, auditor, health, listener].map((db) => db.close()))
  }
  return { openDirect, open, owner, auditor, health, listener, close }
}
