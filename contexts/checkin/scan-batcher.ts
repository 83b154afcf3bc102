import { type Db, loadSql } from '#platform/db'

/** One scan whose signature is good, on its way to its decision. */
export type Scan = {
  code_id: string
  performance_id: string
  /** The id that the admission gets if this scan wins it. */
  checkin_id: string
  staff_user_id: string
  gate: string | null
  device_id: string | null
  scanned_at: string | null
  idempotency_key: string | null
  body_hash: string | null
}

type Ticket = {
  ticket_id: string
  booking_id: string
  performance_id: string
  seat_id: string | null
  seat_label: string
  tier_id: string
  tier_name: string
  holder_first_name: string | null
  holder_last_name: string | null
}

/** What PostgreSQL decided. Refused scans name the ticket too, except where there is none. */
export type Decision =
  | ({ result: 'admitted'; replayed: boolean; checkin_id: string; admitted_at: string; gate: string | null } & Ticket)
  | ({ result: 'already_used'; admitted_at: string; gate: string | null } & Ticket)
  | { result: 'mismatch' | 'unknown' | 'wrong_performance' | 'void' }

type Waiting = { scan: Scan; resolve(decision: Decision): void; reject(error: unknown): void }

const sql = loadSql(import.meta.url, ['admit_scans'])

export const BATCH_SIZE_MAX = 256
export const QUEUE_LENGTH_MAX = 5_000
const LANES_MAX = 2
/** Processes can meet on one idempotency key (23505), or on tickets in a deadlock (40P01): the second look finds the winner. */
const TRIES_MAX = 5
const RETRIED = new Set(['40001', '40P01'])

/** More scans wait than the doors of a city could make: answered with 503. */
export class ScansSaturatedError extends Error {
  override name = 'ScansSaturatedError'
}

/**
 * Takes scans to PostgreSQL in batches: what came in while the last ones were on their way goes together, without a timer.
 *
 * Modes: idle (a scan leaves at once, alone) → in flight (scans wait, first come, first served) → in flight on all lanes.
 * A batch never holds one code twice, nor one person's key twice: the later scan waits for the next batch, so that the
 * function below decides among strangers only. A batch that fails fails all its scans; none of them had an effect.
 */
export class ScanBatcher {
  readonly #lane: Db
  readonly #published: () => void
  readonly #waiting: Waiting[] = []
  #in_flight = 0

  /** `published` is told after each batch that admitted someone: there are events to relay. */
  constructor(lane: Db, published: () => void) {
    this.#lane = lane
    this.#published = published
  }

  submit(scan: Scan): Promise<Decision> {
    if (this.#waiting.length >= QUEUE_LENGTH_MAX)
      return Promise.reject(new ScansSaturatedError('Too many scans are waiting'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ scan, resolve, reject })
      this.#depart()
    })
  }

  #depart(): void {
    while (this.#waiting.length > 0 && this.#in_flight < LANES_MAX) {
      const batch = takeBatch(this.#waiting)
      this.#in_flight++
      void this.#decide(batch).finally(() => {
        this.#in_flight--
        this.#depart()
      })
    }
  }

  async #decide(batch: readonly Waiting[]): Promise<void> {
    try {
      const decisions = await admit(
        this.#lane,
        batch.map((waiting) => waiting.scan),
      )
      if (decisions.some((decision) => decision.result === 'admitted' && !decision.replayed)) this.#published()
      for (const [index, waiting] of batch.entries()) {
        const decision = decisions[index]
        if (decision === undefined) waiting.reject(new Error('admit_scans answered fewer scans than it was given'))
        else waiting.resolve(decision)
      }
    } catch (error) {
      for (const waiting of batch) waiting.reject(error)
    }
  }
}

type Queued = { scan: Pick<Scan, 'code_id' | 'staff_user_id' | 'idempotency_key'> }

/** Removes the next batch from the queue, leaving the order of what stays. */
export function takeBatch<One extends Queued>(waiting: One[]): One[] {
  const batch: One[] = []
  const later: One[] = []
  const taken = new Set<string>()
  let seen = 0
  for (const one of waiting) {
    if (batch.length >= BATCH_SIZE_MAX) break
    seen++
    const { code_id, staff_user_id, idempotency_key } = one.scan
    const names = idempotency_key === null ? [code_id] : [code_id, `${staff_user_id} ${idempotency_key}`]
    // Who waits keeps the place in line for what comes behind, too.
    const target = names.some((name) => taken.has(name)) ? later : batch
    target.push(one)
    for (const name of names) taken.add(name)
  }
  waiting.splice(0, seen, ...later)
  return batch
}

async function admit(lane: Db, scans: readonly Scan[]): Promise<Decision[]> {
  const params = {
    code_ids: scans.map((scan) => scan.code_id),
    performance_ids: scans.map((scan) => scan.performance_id),
    checkin_ids: scans.map((scan) => scan.checkin_id),
    staff_user_ids: scans.map((scan) => scan.staff_user_id),
    gates: scans.map((scan) => scan.gate),
    device_ids: scans.map((scan) => scan.device_id),
    scanned_ats: scans.map((scan) => scan.scanned_at),
    idempotency_keys: scans.map((scan) => scan.idempotency_key),
    body_hashes: scans.map((scan) => scan.body_hash),
  }
  for (let tries = 1; ; tries++) {
    try {
      return await lane.many<Decision>(sql.admit_scans, params)
    } catch (error) {
      if (tries >= TRIES_MAX || !isCollision(error)) throw error
    }
  }
}

function isCollision(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('constraint' in error && error.constraint === 'admissions_by_key') return true
  return 'code' in error && typeof error.code === 'string' && RETRIED.has(error.code)
}
