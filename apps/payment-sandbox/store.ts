import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { ApiObject, Due, Hidden, Kind, ObjectOf, StripeEvent } from './objects.ts'

export type Totals = { captured: number; refunded: number; fees: number; disputed: number; dispute_fees: number }
/** The remembered answer of an `Idempotency-Key`. */
export type Remembered = { request_id: string; target: string; fingerprint: string; status: number; body: string }
export type Pending = { id: string; type: string }
/** One page of a list: conditions over the columns of `objects`, newest first unless `oldest_first`. */
export type Query = {
  kind: Kind
  conditions?: readonly Condition[]
  limit: number
  oldest_first?: boolean
}
export type Condition = { sql: string; values: readonly SQLInputValue[] }

const NOTHING: Totals = { captured: 0, refunded: 0, fees: 0, disputed: 0, dispute_fees: 0 }
const ANSWER_TTL_MS = 24 * 3_600_000
/** Delivered events that are kept, the newest ones; and how many are written between two looks. */
const DELIVERED_MAX = 20_000
const TRIM_EVERY = 1_000

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  pragma locking_mode = exclusive;
  pragma busy_timeout = 5000;
  pragma temp_store = file;
  pragma cache_size = -32768;
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
  create table if not exists totals (
    currency text primary key, captured integer not null, refunded integer not null, fees integer not null,
    disputed integer not null, dispute_fees integer not null) strict;
`

/**
 * The sandbox's state in SQLite. A transaction that has committed survives the end of the process at any moment (the
 * file is the operating system's by then); `synchronous = normal` leaves out only the loss of power. Without a path the
 * database is a temporary file that nobody else sees. One process at a time: a second one is refused.
 */
export class Store {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #events = 0

  constructor(path: string | null) {
    if (path !== null) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#db = new DatabaseSync(path ?? '')
    this.#db.exec(SCHEMA)
  }

  /** All or nothing. Runs to its end without giving way to anybody else. */
  transaction<T>(work: () => T): T {
    this.#run('begin immediate')
    try {
      const result = work()
      this.#run('commit')
      return result
    } catch (error) {
      this.#run('rollback')
      throw error
    }
  }

  get<K extends Kind>(kind: K, id: string): ObjectOf<K> | undefined {
    return this.#read<ObjectOf<K>>('select body, pending from objects where id = ? and kind = ?', id, kind)[0]
  }

  /** Any object by its id. */
  find(id: string): ApiObject | undefined {
    return this.#read<ApiObject>('select body, pending from objects where id = ?', id)[0]
  }

  /** The objects of a kind that belong to an intent, newest first. */
  of<K extends Kind>(kind: K, intent: string): ObjectOf<K>[] {
    const sql = 'select body, pending from objects where intent = ? and kind = ? order by seq desc'
    return this.#read<ObjectOf<K>>(sql, intent, kind)
  }

  list({ kind, conditions = [], limit, oldest_first = false }: Query): ApiObject[] {
    const where = ['kind = ?', ...conditions.map(({ sql }) => sql)].join(' and ')
    const sql = `select body, pending from objects where ${where} order by seq ${oldest_first ? 'asc' : 'desc'} limit ?`
    return this.#read<ApiObject>(sql, kind, ...conditions.flatMap(({ values }) => values), limit)
  }

  /** A new object comes last in its list, a known one stays where it is; what is hidden stays unless it is given. */
  put<K extends Kind>(kind: K, object: ObjectOf<K>, intent: string | null, hidden?: Hidden): void {
    const { id, created } = object
    const sql = `
      insert into objects (id, kind, intent, created, body, hidden) values (?, ?, ?, ?, ?, ?)
      on conflict (id) do update
      set body = excluded.body, intent = excluded.intent, hidden = coalesce(excluded.hidden, hidden)`
    this.#run(sql, id, kind, intent, created, JSON.stringify(object), hidden ? JSON.stringify(hidden) : null)
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
    this.#events += 1
    if (this.#events % TRIM_EVERY === 0) this.#trimEvents()
  }

  /** The text of an event as it is sent; undefined for an unknown one. */
  eventText(id: string): string | undefined {
    const row = this.#statement(`select body from objects where id = ? and kind = 'events'`).get(id)
    return row === undefined ? undefined : String(row['body'])
  }

  delivered(id: string): void {
    this.#run('update objects set pending = 0 where id = ? and pending = 1', id)
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

  /** Forgets the answers whose keys bind no longer. */
  forgetAnswers(now_ms: number): void {
    this.#run('delete from answers where at_ms <= ?', now_ms - ANSWER_TTL_MS)
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

  /** Adds to the running totals of a currency (minor units): the oracle that a ledger is checked against. */
  count(currency: string, sums: Partial<Totals>): void {
    const sql = `
      insert into totals (currency, captured, refunded, fees, disputed, dispute_fees)
      values (:currency, :captured, :refunded, :fees, :disputed, :dispute_fees)
      on conflict (currency) do update set captured = captured + excluded.captured,
        refunded = refunded + excluded.refunded, fees = fees + excluded.fees,
        disputed = disputed + excluded.disputed, dispute_fees = dispute_fees + excluded.dispute_fees`
    this.#statement(sql).run({ currency, ...NOTHING, ...sums })
  }

  totals(): (Totals & { currency: string })[] {
    return this.#statement('select * from totals order by rowid').all() as (Totals & { currency: string })[]
  }

  clear(): void {
    this.#db.exec('begin; delete from objects; delete from answers; delete from dues; delete from totals; commit')
  }

  close(): void {
    this.#db.close()
  }

  /** Half of a busy sandbox's file would be delivered events: only the newest stay. Undelivered ones all do. */
  #trimEvents(): void {
    const newest = `select seq from objects where kind = 'events' order by seq desc limit 1 offset ${DELIVERED_MAX}`
    this.#run(`delete from objects where kind = 'events' and pending = 0 and seq <= (${newest})`)
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
