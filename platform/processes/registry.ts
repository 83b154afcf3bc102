import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { type Db, loadSql, openDb, type Queryable } from '#platform/db'
import type { Log } from '#platform/telemetry'

/**
 * A table through which the server processes of one installation know of each other, on whichever machines they run.
 * In-memory state (known keys, documents) is complete for a single process; with others the database is consulted.
 */
export type ProcessRegistry = {
  /** The number of connections to PostgreSQL that this process may open, including the registry's own. */
  connections: number
  /** True once another process has been there since this one joined, or may have been; it never becomes false again. */
  several(): boolean
  /** The number of other live processes. */
  others(): number
  /** Calls the listener each time another process has gone, killed or not, within about two seconds. */
  onGone(listener: () => void): void
  leave(): Promise<void>
}

export type JoinOptions = {
  /** PostgreSQL itself, not a pooler, as the owner. */
  url: string
  /** How many processes this machine runs on the port. */
  siblings: number
  /** The connections that a process can use well, and those that it needs at least. */
  connections: { wanted: number; least: number }
  /** The most that the processes of this machine may open together; null: as many as the server allows. */
  connections_max: number | null
  log: Log
}

/** The server or a setting leaves this process fewer connections than it needs. The message says what to change. */
export class TooFewConnectionsError extends Error {
  override name = 'TooFewConnectionsError'
}

const sql = loadSql(import.meta.url, ['lock', 'forget_old', 'budget', 'beat', 'leave'])

const BEAT_MS = 500
const BEAT_TIMEOUT_MS = 2_000
const JOIN_POLL_MS = 100
/** Time for which a killed process may still seem to hold its connections. */
const JOIN_WAIT_MS = 5_000
/** For people at a terminal, backups and `npm run tessera`. */
const HEADROOM = 5
/** By default a process leaves room for a second one: a new version starts before the old one ends. */
const SHARES_LEAST = 2

type Other = { process_id: string; beat: number; live: boolean }
type Self = { process_id: string; host: string; pid: number; connections: number }

/**
 * Registers this process, takes its share of the connections, and waits until every live process has seen it: from then
 * on none of them relies on being alone. Rejects with a TooFewConnectionsError.
 */
export async function joinProcesses(options: JoinOptions): Promise<ProcessRegistry> {
  const { log } = options
  const db = openDb({
    url: options.url,
    application_name: 'tessera-registry',
    connections_max: 1,
    statement_timeout_ms: BEAT_TIMEOUT_MS,
    onError: () => undefined,
  })
  try {
    const self = await register(db, options)
    const first = await untilSeen(db, self)
    return running({ db, self, log, several: options.siblings > 1 || first.length > 0, first })
  } catch (error) {
    await db.close()
    throw error
  }
}

function beat(db: Queryable, self: Self): Promise<Other[]> {
  return db.many<Other>(sql.beat, self)
}

async function register(db: Db, options: JoinOptions): Promise<Self> {
  const me = { process_id: crypto.randomUUID(), host: hostname(), pid: process.pid }
  const until_ms = performance.now() + JOIN_WAIT_MS
  for (;;) {
    const attempt = await db.transaction(async (tx) => {
      await tx.many(sql.lock)
      await tx.none(sql.forget_old)
      const budget = await tx.one<Budget>(sql.budget, { process_id: me.process_id })
      const share = shareOf(budget, options)
      if (share.kind === 'too-few') return share
      const self = { ...me, connections: share.connections }
      await beat(tx, self)
      return { kind: 'registered' as const, self }
    })
    if (attempt.kind === 'registered') return attempt.self
    if (performance.now() > until_ms) throw new TooFewConnectionsError(attempt.reason)
    await delay(JOIN_POLL_MS)
  }
}

export type Budget = { allowed: number; taken: number }
export type Share = { kind: 'share'; connections: number } | { kind: 'too-few'; reason: string }

/** This process's share of the connections; pure. */
export function shareOf(
  { allowed, taken }: Budget,
  {
    siblings,
    connections: { wanted, least },
    connections_max,
  }: Pick<JoinOptions, 'siblings' | 'connections' | 'connections_max'>,
): Share {
  const usable = allowed - HEADROOM
  const fair = Math.floor(
    (connections_max ?? usable) / (connections_max === null ? Math.max(SHARES_LEAST, siblings) : siblings),
  )
  if (connections_max !== null && fair < least) {
    const needed = least * siblings
    return {
      kind: 'too-few',
      reason: `TESSERA_DATABASE_CONNECTIONS=${connections_max} is too few for ${siblings} server ${siblings === 1 ? 'process' : 'processes'}: at least ${needed}.`,
    }
  }
  const connections = Math.min(wanted, Math.max(least, fair), usable - taken)
  if (connections >= least) return { kind: 'share', connections }
  return {
    kind: 'too-few',
    reason:
      `PostgreSQL allows ${allowed} connections, and other server processes of this installation may open ${taken} of them; this one needs ${least}. ` +
      `Set max_connections to ${allowed + least - (usable - taken)} or more, run fewer processes, or give each machine less: TESSERA_DATABASE_CONNECTIONS.`,
  }
}

/**
 * Resolves once every other process has read the registry after this one registered: a beat in progress may be older,
 * the one after it is not.
 */
async function untilSeen(db: Db, self: Self): Promise<Other[]> {
  const before = new Map((await beat(db, self)).map((other) => [other.process_id, other.beat]))
  for (;;) {
    const now = await beat(db, self)
    const unaware = now.filter(
      ({ process_id, beat: count, live }) => live && count < (before.get(process_id) ?? count) + 2,
    )
    if (unaware.length === 0) return now
    await delay(JOIN_POLL_MS)
  }
}

function idsOf(others: readonly Other[]): Set<string> {
  return new Set(others.filter((other) => other.live).map((other) => other.process_id))
}

type Running = { db: Db; self: Self; log: Log; several: boolean; first: readonly Other[] }

function running({ db, self, log, several: from_the_start, first }: Running): ProcessRegistry {
  let several = from_the_start
  let lost = false
  let live = idsOf(first)
  const goneListeners: (() => void)[] = []
  let busy: Promise<void> | undefined
  const step = async (): Promise<void> => {
    try {
      const seen = await beat(db, self)
      if (seen.length > 0) several = true
      const before = live
      live = idsOf(seen)
      lost = false
      if ([...before].some((id) => !live.has(id))) for (const listener of goneListeners) listener()
    } catch (error) {
      // A process that cannot see the others must not rely on being alone.
      if (!lost) log.warn({ err: error }, 'the registry of processes cannot be reached; trying again')
      lost = true
    }
  }
  const timer = setInterval(() => {
    busy ??= step().finally(() => {
      busy = undefined
    })
  }, BEAT_MS)
  return {
    connections: self.connections,
    several: () => several || lost,
    others: () => live.size,
    onGone: (listener) => void goneListeners.push(listener),
    leave: async () => {
      clearInterval(timer)
      await busy
      await db.none(sql.leave, { process_id: self.process_id }).catch(() => undefined)
      await db.close()
    },
  }
}
