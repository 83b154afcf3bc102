import type { BookingEvents } from '@tessera/contracts/events/booking'
import { newId } from '@tessera/contracts/ids'
import type { Chart } from '@tessera/contracts/seat-map/chart'
import { publisher } from '#platform/bus'
import { type Db, loadSql, type Tx } from '#platform/db'

export type BlockInput = {
  performance_id: string
  organization_id: string
  event_id: string
  seat_ids: string[]
  tier_id: string | null
  quantity: number | null
  /** The tier's total quantity; null for seats. */
  tier_total: number | null
  reason: string
  release_at: string | null
  created_by: string
}

/** `noted` until its performance (or its tier) is opened; `refused` when some of it was unavailable at the opening. */
export type BlockState = 'noted' | 'active' | 'refused'

/** Unavailable seats by id; a tier's id where its quantity was insufficient. */
export class BlockRefusedError extends Error {
  readonly unavailable: string[]
  constructor(unavailable: string[]) {
    super('the block cannot be made')
    this.unavailable = unavailable
  }
}

type BlockRow = {
  block_id: string
  performance_id: string
  seat_ids: string[]
  tier_id: string | null
  quantity: number | null
  release_at: string | null
  performance_no: number
  chart: Chart | null
  /** Null for seats, and for a tier that is not open yet. */
  tier_no: number | null
}

/** With the number of each seat that its performance's chart knows. */
type BlockToApply = Omit<BlockRow, 'chart'> & { wanted: Map<string, number> }

const sql = loadSql(import.meta.url, [
  'lock_performance',
  'noted_conflicts',
  'insert_block',
  'blocks_to_apply',
  'lock_seats',
  'claim_block',
  'mark_applied',
  'mark_refused',
  'lock_block',
  'block',
  'free',
  'delete_block',
  'due_blocks',
])
const publish = publisher<BookingEvents>()

/** Until the transaction ends, no other transaction can open or block this performance. */
export async function lockPerformance(tx: Tx, performance_id: string): Promise<void> {
  await tx.one(sql.lock_performance, { performance_id })
}

/**
 * Takes seats or a quantity out of sale, all or nothing. Before publication the block is only noted, and checked
 * against the other noted ones; opening the performance applies it. Throws BlockRefusedError (so that the transaction
 * rolls back) when something is unavailable.
 */
export async function block(tx: Tx, input: BlockInput): Promise<{ block_id: string; state: BlockState }> {
  const { tier_total, ...row } = input
  const block_id = newId('blk')
  await lockPerformance(tx, input.performance_id)
  const noted = await tx.one<{ seat_ids: string[]; quantity: number }>(sql.noted_conflicts, input)
  await tx.none(sql.insert_block, { block_id, ...row })
  const [row_to_apply] = await blocksToApply(tx, [block_id])
  const applied = await applyBlock(tx, row_to_apply)
  if (applied.unavailable.length > 0) throw new BlockRefusedError(applied.unavailable)
  if (applied.state === 'active') return { block_id, state: 'active' }
  if (noted.seat_ids.length > 0) throw new BlockRefusedError(noted.seat_ids)
  if (tier_total !== null && noted.quantity + (input.quantity ?? 0) > tier_total)
    throw new BlockRefusedError([input.tier_id ?? ''])
  return { block_id, state: 'noted' }
}

/**
 * Applies the noted blocks, oldest first. A block that cannot be applied (two name one seat, the chart changed, its tier
 * is too small) is marked as refused with what is unavailable and does not stop the others; the next publication retries
 * it. The caller has locked the quotas; the seats of all blocks are locked before the first is applied, because blocks
 * are ordered by age and not by seat.
 */
export async function applyNotedBlocks(tx: Tx, performance_no: number, block_ids: readonly string[]): Promise<void> {
  const rows = await blocksToApply(tx, block_ids)
  const seats = rows.flatMap((row) => [...row.wanted.values()])
  await tx.one(sql.lock_seats, { performance_no, seats })
  for (const row of rows) {
    const { unavailable } = await applyBlock(tx, row)
    if (unavailable.length > 0) await tx.none(sql.mark_refused, { block_id: row.block_id, unavailable })
  }
}

/** The blocks that are still noted, in the order of `block_ids`; none while their performance is not open yet. */
async function blocksToApply(tx: Tx, block_ids: readonly string[]): Promise<BlockToApply[]> {
  const rows = await tx.many<BlockRow>(sql.blocks_to_apply, { block_ids })
  return rows.map(({ chart, ...row }) => ({ ...row, wanted: seatNumbers(chart, row.seat_ids) }))
}

/** Claims the seats or quantity of a noted block; does nothing while its performance (no row) or tier is not open yet. */
async function applyBlock(
  tx: Tx,
  row: BlockToApply | undefined,
): Promise<{ state: BlockState; unavailable: string[] }> {
  if (row === undefined || (row.tier_id !== null && row.tier_no === null)) return { state: 'noted', unavailable: [] }
  const { block_id, wanted } = row
  const unknown = row.seat_ids.filter((seat_id) => !wanted.has(seat_id))
  if (unknown.length > 0) return { state: 'refused', unavailable: unknown }
  const refused = await tx.one<{ unavailable_seats: number[]; unavailable_tier: number | null }>(sql.claim_block, {
    block_id,
    performance_no: row.performance_no,
    seats: [...wanted.values()],
    tier_no: row.tier_no,
    quantity: row.quantity,
    release_at: row.release_at,
  })
  if (refused.unavailable_tier !== null) return { state: 'refused', unavailable: [row.tier_id ?? ''] }
  const taken = new Set(refused.unavailable_seats)
  if (taken.size > 0)
    return {
      state: 'refused',
      unavailable: [...wanted].filter(([, seat]) => taken.has(seat)).map(([seat_id]) => seat_id),
    }
  await tx.none(sql.mark_applied, { block_id })
  await publish(tx, 'booking.seats_blocked', row.performance_id, {
    performance_id: row.performance_id,
    block_id,
    seats: [...wanted.values()],
    places: placesOf(row),
  })
  return { state: 'active', unavailable: [] }
}

type Unblocked = { performance_no: number; freed: number[] }

/**
 * Returns a block's seats or quantity to the sale and deletes it. Null: it was only noted. Undefined: no such block.
 */
export async function unblock(tx: Tx, block_id: string): Promise<Unblocked | null | undefined> {
  await tx.one(sql.lock_block, { block_id })
  const row = await tx.maybe<{
    performance_id: string
    tier_id: string | null
    quantity: number | null
    applied_at: string | null
    performance_no: number | null
  }>(sql.block, { block_id })
  if (row === undefined) return undefined
  await tx.none(sql.delete_block, { block_id })
  if (row.applied_at === null || row.performance_no === null) return null
  const { performance_id, performance_no } = row
  const { freed } = await tx.one<{ freed: number[] }>(sql.free, { block_id, performance_no })
  await publish(tx, 'booking.seats_unblocked', performance_id, {
    performance_id,
    block_id,
    seats: freed,
    places: placesOf(row),
  })
  return { performance_no, freed }
}

const DUE_MAX = 50

/** Ends blocks whose release time has passed. Their seats could be held from that time on already. */
export async function releaseDueBlocks(db: Db, as_of: string | null): Promise<Unblocked[]> {
  const due = await db.many<{ block_id: string }>(sql.due_blocks, { as_of, limit: DUE_MAX })
  const freed: Unblocked[] = []
  for (const { block_id } of due) {
    const unblocked = await db.transaction((tx) => unblock(tx, block_id))
    if (unblocked != null) freed.push(unblocked)
  }
  return freed
}

function placesOf(row: { tier_id: string | null; quantity: number | null }) {
  return row.tier_id === null ? [] : [{ tier_id: row.tier_id, quantity: row.quantity ?? 0 }]
}

function seatNumbers(chart: Chart | null, seat_ids: readonly string[]): Map<string, number> {
  const wanted = new Set(seat_ids)
  const numbers = new Map<string, number>()
  for (const [seat_no, seat] of (chart?.seats ?? []).entries()) if (wanted.has(seat.id)) numbers.set(seat.id, seat_no)
  return numbers
}
