import { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'

/** A scan with a valid signature, to be decided by the database. */
export type Scan = {
  code_id: string
  performance_id: string
  /** The id of the admission if this scan wins it. */
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

/** The database's decision. Refused scans name the ticket too, if there is one. */
export type Decision =
  | ({ result: 'admitted'; replayed: boolean; checkin_id: string; admitted_at: string; gate: string | null } & Ticket)
  | ({ result: 'already_used'; admitted_at: string; gate: string | null } & Ticket)
  | { result: 'mismatch' | 'unknown' | 'wrong_performance' | 'void' }

const sql = loadSql(import.meta.url, ['admit_scans'])

export const LIMITS = { batch_size_max: 256, in_flight_max: 2, queue_length_max: 5_000 }
/** Two processes may insert the same idempotency key; the next attempt reads the winner's row. */
const RETRY_ALSO = ['23505']

export type ScanBatcher = Batcher<Scan, Decision>

/**
 * Sends scans to PostgreSQL in batches (`platform/batching`). No code and no person's key is in flight twice: the later
 * scan waits for the next batch, so that admit_scans handles each ticket once. `published` is called after each batch
 * that admitted a ticket and so wrote events.
 */
export function openScanBatcher(db: Db, published: () => void): ScanBatcher {
  return new Batcher({
    ...LIMITS,
    retry_also: RETRY_ALSO,
    keysOf: ({ code_id, staff_user_id, idempotency_key }) =>
      idempotency_key === null ? [code_id] : [code_id, `${staff_user_id} ${idempotency_key}`],
    run: async (scans) => {
      const decisions = await admit(db, scans)
      if (decisions.some((decision) => decision.result === 'admitted' && !decision.replayed)) published()
      return decisions
    },
  })
}

function admit(db: Db, scans: readonly Scan[]): Promise<Decision[]> {
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
  return db.many<Decision>(sql.admit_scans, params)
}
