import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import type { Bench } from '../product.ts'

/** What the product had spent at a moment. CPU in ms, sizes in bytes; each but `memory` only ever grows. */
type Meter = {
  server_ms: number
  postgres_ms: number
  sandbox_ms: number
  transactions: number
  statements: number
  rows: number
  wal: number
  server_memory: number
  sandbox_memory: number
}

const TICK_MS = 10
const MAIN_THREAD_FIELDS = { ppid: 1, utime: 11, stime: 12, cutime: 13, cstime: 14 } as const

/** What something cost, between two readings. */
export class Costs {
  readonly #bench: Bench
  readonly #client: pg.Client

  private constructor(bench: Bench, client: pg.Client) {
    this.#bench = bench
    this.#client = client
  }

  static async open(bench: Bench): Promise<Costs> {
    const client = new pg.Client({ connectionString: bench.database_url })
    await client.connect()
    await client.query('create extension if not exists pg_stat_statements')
    return new Costs(bench, client)
  }

  async read(): Promise<Meter> {
    const { server, postgres, sandbox } = this.#bench.pids()
    const { rows } = await this.#client.query<Record<'transactions' | 'statements' | 'rows' | 'wal', string>>(
      `select d.xact_commit as transactions, d.tup_inserted + d.tup_updated + d.tup_deleted as rows,
         pg_current_wal_lsn() - '0/0' as wal, (select sum(calls) from pg_stat_statements) as statements
       from pg_stat_database d where d.datname = current_database()`,
    )
    const counted = rows[0]
    if (counted === undefined) throw new Error('PostgreSQL keeps no statistics of this database')
    return {
      server_ms: await cpuOf(server),
      postgres_ms: await cpuOfFamily(postgres),
      sandbox_ms: await cpuOf(sandbox),
      transactions: Number(counted.transactions),
      statements: Number(counted.statements),
      rows: Number(counted.rows),
      wal: Number(counted.wal),
      server_memory: await memoryOf(server),
      sandbox_memory: await memoryOf(sandbox),
    }
  }

  /** The statements that took PostgreSQL longest since the last reset, a line each. */
  async dearest(limit: number): Promise<string> {
    const { rows } = await this.#client.query<{ line: string }>(
      `select format('%8s calls %8s ms %10s B  %s', calls, round(total_exec_time), wal_bytes,
         left(regexp_replace(query, '\\s+', ' ', 'g'), 120)) || E'\n' as line
       from pg_stat_statements order by total_exec_time desc limit $1`,
      [limit],
    )
    return rows.map(({ line }) => line).join('')
  }

  async reset(): Promise<void> {
    await this.#client.query('select pg_stat_statements_reset()')
  }

  close(): Promise<void> {
    return this.#client.end()
  }
}

/** The difference of two readings for each of `count`. */
export function perOrder(before: Meter, after: Meter, count: number): Omit<Meter, 'server_memory' | 'sandbox_memory'> {
  const each = (name: keyof Meter): number => (after[name] - before[name]) / count
  return {
    server_ms: each('server_ms'),
    postgres_ms: each('postgres_ms'),
    sandbox_ms: each('sandbox_ms'),
    transactions: each('transactions'),
    statements: each('statements'),
    rows: each('rows'),
    wal: each('wal'),
  }
}

/** User and system time of a process, its dead children included. */
async function cpuOf(pid: number): Promise<number> {
  if (pid === 0) return 0
  const fields = await statOf(pid)
  const at = (name: keyof typeof MAIN_THREAD_FIELDS): number => Number(fields[MAIN_THREAD_FIELDS[name]] ?? 0)
  return (at('utime') + at('stime') + at('cutime') + at('cstime')) * TICK_MS
}

async function cpuOfFamily(parent: number): Promise<number> {
  let total = await cpuOf(parent)
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const fields = await statOf(Number(name)).catch(() => [])
    if (Number(fields[MAIN_THREAD_FIELDS.ppid]) === parent) total += await cpuOf(Number(name)).catch(() => 0)
  }
  return total
}

/** The fields of /proc/PID/stat behind the name, which may hold blanks. */
async function statOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

async function memoryOf(pid: number): Promise<number> {
  if (pid === 0) return 0
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) * 1_024
}
