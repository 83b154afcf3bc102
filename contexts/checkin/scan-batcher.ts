import { Batcher } from '#platform/batching'
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

const sql = loadSql(import.meta.url, ['admit_scans'])

export const LIMITS = { batch_size_max: 256, in_flight_max: 2, queue_length_max: 5_000 }
/** Processes can meet on one idempotency key (23505), or on tickets in a deadlock (40P01): the second look finds the winner. */
const TRIES_MAX = 5
const RETRIED = new Set(['40001', '40P01'])

export type ScanBatcher = Batcher<Scan, Decision>

/**
 * Takes scans to PostgreSQL in batches (`platform/batching`). No code is in flight twice, nor one person's key: the later
 * scan waits for the next batch, so that admit_scans meets each ticket once. `published` is told after each batch that
 * admitted someone: there are events to relay.
 */
export function openScanBatcher(db: Db, published: () => void): ScanBatcher {
  return new Batcher({
    ...LIMITS,
    keysOf: ({ code_id, staff_user_id, idempotency_key }) =>
      idempotency_key === null ? [code_id] : [code_id, `${staff_user_id} ${idempotency_key}`],
    run: async (scans) => {
      const decisions = await admit(db, scans)
      if (decisions.some((decision) => decision.result === 'admitted' && !decision.replayed)) published()
      return decisions
    },
  })
}

async function admit(db: Db, scans: readonly Scan[]): Promise<Decision[]> {
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
      return await db.many<Decision>(sql.admit_scans, params)
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
