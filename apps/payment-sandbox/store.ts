import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import { type ApiObject, type Due, type Hidden, type Kind, kindOf, type ObjectOf, type StripeEvent } from './objects.ts'

/** `balance` is what Stripe would still owe the account: what came in, less everything that went out. */
type Sum = 'captured' | 'refunded' | 'fees' | 'disputed' | 'dispute_fees' | 'balance'
export type LedgerLine = { currency: string } & Record<Sum, number>
/** The remembered answer of an `Idempotency-Key`. */
export type Remembered = { request_id: string; target: string; fingerprint: string; status: number; body: string }
export type Pending = { id: string; type: string }
/** Over the columns of `objects`. */
export type Condition = { sql: string; values: readonly SQLInputValue[] }

const ANSWER_TTL_MS = 24 * 3_600_000
/** Delivered events that are kept, the newest ones: half of a busy sandbox's file would be old ones. */
const DELIVERED_MAX = 20_000

const SCHEMA = `
  pragma journal_mode = wal; pragma synchronous = normal; pragma locking_mode = exclusive;
  pragma busy_timeout = 5000; pragma temp_store = file; pragma cache_size = -32768; pragma wal_autocheckpoint = 8192;
  create table if not exists objects (
    seq integer primary key, id text not null unique, kind text not null, intent text, type text, pending integer,
    created integer not null, hidden text, body text not null) strict;
  create index if not exists objects_by_kind on objects (kind, seq);
  create index if not exists objects_by_intent on objects (intent, kind) where intent is not null;
  create index if not exists objects_pending on objects (seq) where pending = 1;
  create table if not exists answers (
    key text primary key, at_ms integer not null, request_id text not null, target text not null,
    fingerprint text not null, status integer not null, body text not null) strict, without rowid;
  create index if not exists answers_by_age on answers (at_ms);
  create table if not exists dues (id text primary key, at_ms integer not null, outcome text not null) strict;
`

const TOTALS = `
  with moved as (
    select seq, body ->> 'currency' as currency, body ->> 'reporting_category' as category, body ->> 'amount' as amount,
      body ->> 'fee' as fee
    from objects where kind = 'balance_transactions')
  select currency, sum(iif(category = 'charge', amount, 0)) as captured,
    sum(iif(category in ('refund', 'refund_failure'), -amount, 0)) as refunded,
    sum(iif(category = 'charge', fee, 0)) as fees,
    sum(iif(category in ('dispute', 'dispute_reversal'), -amount, 0)) as disputed,
    sum(iif(category = 'dispute', fee, 0)) as dispute_fees,
    sum(amount - fee) as balance
  from moved group by currency order by min(seq)`

/**
 * The sandbox's state in SQLite. A transaction that has committed survives the end of the process at any moment (the
 * file is the operating system's by then); `synchronous = normal` leaves out only the loss of power. Without a path the
 * database is a temporary file that nobody else sees. One process at a time: a second one is refused.
 */
export class Store {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #committed: Promise<void> | undefined

  constructor(path: string | null) {
    if (path !== null) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#db = new DatabaseSync(path ?? '')
    this.#db.exec(SCHEMA)
  }

  /**
   * All or nothing; runs to its end without giving way to anybody else. Commits with all others of this turn of the
   * event loop, since a commit costs more than what a request writes: nothing of the result may leave before `committed`.
   */
  transaction<T>(work: () => T): { result: T; committed: Promise<void> } {
    if (this.#committed === undefined) {
      this.#run('begin immediate')
      this.#committed = this.#commit()
    }
    this.#run('savepoint one')
    try {
      return { result: work(), committed: this.#committed }
    } catch (error) {
      this.#run('rollback to one')
      throw error
    } finally {
      this.#run('release one')
    }
  }

  /** An object by its id; null = of any kind. */
  get<K extends Kind>(kind: K | null, id: string): ObjectOf<K> | undefined {
    const sql = 'select body, pending from objects where id = ? and kind = coalesce(?, kind)'
    return this.#read<ObjectOf<K>>(sql, id, kind)[0]
  }

  /** The objects of a kind that belong to an intent, newest first. */
  of<K extends Kind>(kind: K, intent: string): ObjectOf<K>[] {
    return this.list(kind, -1, [{ sql: 'intent = ?', values: [intent] }])
  }

  /** Newest first; a negative limit is none. */
  list<K extends Kind>(kind: K, limit: number, conditions: readonly Condition[] = []) {
    const where = ['kind = ?', ...conditions.map(({ sql }) => sql)].join(' and ')
    const sql = `select body, pending from objects where ${where} order by seq desc limit ?`
    return this.#read<ObjectOf<K>>(sql, kind, ...conditions.flatMap(({ values }) => values), limit)
  }

  /** A new object comes last in its list, a known one stays where it is; what is hidden stays unless it is given. Answers it. */
  put<O extends Exclude<ApiObject, StripeEvent>>(object: O, hidden?: Hidden): O {
    const sql = `
      insert into objects (id, kind, intent, created, body, hidden) values (?, ?, ?, ?, ?, ?)
      on conflict (id) do update
      set body = excluded.body, intent = excluded.intent, hidden = coalesce(excluded.hidden, hidden)`
    const intent = 'payment_intent' in object ? object.payment_intent : null
    const secret = hidden ? JSON.stringify(hidden) : null
    this.#run(sql, object.id, kindOf(object), intent, object.created, JSON.stringify(object), secret)
    return object
  }

  /** What Stripe does not show of an intent or a session. */
  hidden(id: string): Hidden {
    const row = this.#statement('select hidden from objects where id = ?').get(id)
    if (typeof row?.['hidden'] !== 'string') throw new Error(`Nothing is hidden behind ${id}`)
    return JSON.parse(row['hidden'])
  }

  /** Written as Stripe sends it, indented: whoever verifies a body that was serialized again fails here, too. */
  putEvent(event: StripeEvent): void {
    const sql = `insert into objects (id, kind, type, pending, created, body) values (?, 'events', ?, ?, ?, ?)`
    this.#run(sql, event.id, event.type, event.pending_webhooks, event.created, JSON.stringify(event, null, 2))
  }

  /** The text of an event as it is sent; undefined for an unknown one. */
  eventText(id: string): string | undefined {
    const row = this.#statement(`select body from objects where id = ? and kind = 'events'`).get(id)
    return row === undefined ? undefined : String(row['body'])
  }

  delivered(ids: readonly string[]): void {
    this.#run('update objects set pending = 0 where id in (select value from json_each(?))', JSON.stringify(ids))
  }

  undelivered(): Pending[] {
    return this.#statement('select id, type from objects where pending = 1 order by seq').all() as Pending[]
  }

  recall(key: string, now_ms: number): Remembered | undefined {
    const sql = 'select request_id, target, fingerprint, status, body from answers where key = ? and at_ms > ?'
    return this.#statement(sql).get(key, now_ms - ANSWER_TTL_MS) as Remembered | undefined
  }

  remember(key: string, at_ms: number, answer: Remembered): void {
    const sql = `
      insert or replace into answers (key, at_ms, request_id, target, fingerprint, status, body)
      values (:key, :at_ms, :request_id, :target, :fingerprint, :status, :body)`
    this.#statement(sql).run({ key, at_ms, ...answer })
  }

  /** Forgets the answers whose keys bind no longer, and old events that are delivered. */
  forget(now_ms: number): void {
    const newest = `select seq from objects where kind = 'events' order by seq desc limit 1 offset ${DELIVERED_MAX}`
    this.#run('delete from answers where at_ms <= ?', now_ms - ANSWER_TTL_MS)
    this.#run(`delete from objects where kind = 'events' and pending = 0 and seq <= (${newest})`)
  }

  /** What is due until then, the earliest first. */
  dues(until_ms: number): Due[] {
    const sql = 'select id, at_ms, outcome from dues where at_ms <= ? order by at_ms'
    return this.#statement(sql).all(until_ms) as Due[]
  }

  setDue(due: Due): void {
    this.#statement('insert or replace into dues (id, at_ms, outcome) values (:id, :at_ms, :outcome)').run(due)
  }

  removeDue(id: string): void {
    this.#run('delete from dues where id = ?', id)
  }

  /** Sums of the balance transactions (minor units) per currency: the oracle that a ledger is checked against. */
  totals(): LedgerLine[] {
    return this.#statement(TOTALS).all() as LedgerLine[]
  }

  clear(): void {
    this.#db.exec('savepoint clear; delete from objects; delete from answers; delete from dues; release clear')
  }

  async close(): Promise<void> {
    await this.#committed
    this.#db.close()
  }

  async #commit(): Promise<void> {
    await setImmediate()
    this.#committed = undefined
    this.#run('commit')
  }

  #read<T extends ApiObject>(sql: string, ...values: readonly SQLInputValue[]): T[] {
    return this.#statement(sql)
      .all(...values)
      .map((row) => parse<T>(row))
  }

  #run(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#statement(sql).run(...values)
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** An event says how many endpoints still wait for it, which changes after it was written. */
function parse<T extends ApiObject>(row: Record<string, unknown>): T {
  const object = JSON.parse(String(row['body']))
  return row['pending'] === null ? object : { ...object, pending_webhooks: row['pending'] }
}
