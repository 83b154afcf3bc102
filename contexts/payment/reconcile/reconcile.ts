import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { EventsPage, Provider, Reply } from '../provider/provider.ts'
import type { Providers } from '../provider/registry.ts'
import { sendDueRefunds } from '../refunds/send-due.ts'
import { processEvents } from '../webhooks/process.ts'
import { recordEvents } from '../webhooks/record.ts'
import { type DuePayment, type RecoverDeps, recoverPayment } from './recover.ts'

export type ReconcileDeps = RecoverDeps & {
  db: Db
  by_key: Db
  providers: Providers
  concluding: ReadonlySet<string>
  log: Log
  now(): Date
}

const sql = loadSql(import.meta.url, ['claim_payments', 'cursor', 'move_cursor'])

const BATCH_SIZE = 100
const BATCHES_MAX = 50
const PARALLEL_MAX = 16
/** How long after the end of its hold an intent may still be paid, before it is given up: a challenge takes a moment. */
const ABANDON_GRACE = '60 seconds'
/** Events are listed by second and written by machines whose clocks differ: each look begins a little before the last one's end. */
const EVENT_OVERLAP_MS = 60_000
const EVENT_LOOKBACK_MS = 60 * 60 * 1_000

/**
 * Completes unfinished work, from the provider's own state: payments without an outcome, successes that booking has
 * not heard of, refunds without an answer, events that no webhook brought. Every row is claimed for a while before it is
 * looked at, so several processes do not do the same work and one that dies holds nothing up.
 */
export async function reconcile(deps: ReconcileDeps, as_of: string | null): Promise<void> {
  for (const name of deps.providers.names) await pollEvents(deps, deps.providers.of({ provider: name }))
  await drainEvents(deps, as_of)
  await inBatches(async () => {
    const due = await deps.db.many<DuePayment>(sql.claim_payments, {
      as_of,
      grace: ABANDON_GRACE,
      batch_size: BATCH_SIZE,
    })
    await eachApart(deps, due, (payment) => recoverPayment(deps, payment, as_of))
    return due.length
  })
  await sendDueRefunds(deps, as_of)
}

/** The events that wait, until none is left (or one pass has done enough). */
export async function drainEvents(deps: ReconcileDeps, as_of: string | null): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch++) if (!(await processEvents(deps, as_of))) return
}

/**
 * Records what no webhook has brought. Every page up to the last one is read before the cursor moves: a poll that breaks
 * off begins again where it began, and what it has recorded by then is recorded once.
 */
async function pollEvents(deps: ReconcileDeps, provider: Provider): Promise<void> {
  const { name } = provider
  const started_at_ms = deps.now().getTime()
  const cursor = await deps.db.maybe<{ read_until: string }>(sql.cursor, { provider: name })
  const since_ms =
    cursor === undefined ? started_at_ms - EVENT_LOOKBACK_MS : Date.parse(cursor.read_until) - EVENT_OVERLAP_MS
  const since = new Date(since_ms).toISOString()
  let after: string | null = null
  do {
    const reply: Reply<EventsPage> = await provider.eventsPage(since, after)
    if (reply.kind !== 'ok') {
      deps.log.warn({ provider: name, reply: reply.kind }, 'the list of events of a payment provider could not be read')
      return
    }
    const { events, next } = reply.value
    if (events.length > 0)
      await recordEvents(
        deps.db,
        'poll',
        events.map((event) => ({ provider: name, ...event })),
      )
    after = next
  } while (after !== null)
  await deps.db.none(sql.move_cursor, { provider: name, read_until: new Date(started_at_ms).toISOString() })
}

async function inBatches(batch: () => Promise<number>): Promise<void> {
  for (let count = 0; count < BATCHES_MAX; count++) if ((await batch()) < BATCH_SIZE) return
}

/** One that fails is logged and retried at its next time; it does not hold up the others. */
async function eachApart<T extends { id: string }>(
  deps: { log: Log },
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items]
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
      try {
        await work(item)
      } catch (error) {
        deps.log.warn({ err: error, id: item.id }, 'could not be reconciled; it will be retried')
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL_MAX, rest.length) }, worker))
}
