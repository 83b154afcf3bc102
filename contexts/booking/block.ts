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
  reason: string
  release_at: string | null
  created_by: string
}

/** Seats that are held, sold or blocked already, by id; a tier's id where places ran short. */
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
}

const sql = loadSql(import.meta.url, [
  'insert_block',
  'block_to_apply',
  'claim_seats',
  'lock_places',
  'reap',
  'count_blocked',
  'hold_places',
  'mark_applied',
  'block',
  'performance',
  'chart',
  'free',
  'delete_block',
  'due_blocks',
])
const publish = publisher<BookingEvents>()

/**
 * Takes seats or places out of sale, all or nothing. Before publication the block is only noted; opening the performance
 * applies it. Throws BlockRefusedError (so that the transaction rolls back) when something is not free.
 */
export async function block(tx: Tx, input: BlockInput): Promise<string> {
  const block_id = newId('blk')
  await tx.none(sql.insert_block, { block_id, ...input })
  await applyBlock(tx, block_id)
  return block_id
}

/** Claims what a noted block names; nothing happens while its performance is not open yet. */
export async function applyBlock(tx: Tx, block_id: string): Promise<void> {
  const row = await tx.maybe<BlockRow>(sql.block_to_apply, { block_id })
  if (row === undefined) return
  const seats = row.seat_ids.length === 0 ? [] : await claimSeats(tx, row)
  if (row.tier_id !== null) await claimPlaces(tx, row)
  await tx.none(sql.mark_applied, { block_id })
  const places = row.tier_id === null ? [] : [{ tier_id: row.tier_id, quantity: row.quantity ?? 0 }]
  await publish(tx, 'booking.seats_blocked', row.performance_id, {
    performance_id: row.performance_id,
    block_id,
    seats,
    places,
  })
}

async function claimSeats(tx: Tx, row: BlockRow): Promise<number[]> {
  const wanted = seatNumbers(row.chart, row.seat_ids)
  const strange = row.seat_ids.filter((seat_id) => !wanted.has(seat_id))
  if (strange.length > 0) throw new BlockRefusedError(strange)
  const seats = [...wanted.values()]
  const got = await tx.many<{ seat: number }>(sql.claim_seats, {
    block_id: row.block_id,
    performance_no: row.performance_no,
    seats,
    release_at: row.release_at,
  })
  if (got.length < seats.length) {
    const mine = new Set(got.map((claim) => claim.seat))
    throw new BlockRefusedError([...wanted].filter(([, seat]) => !mine.has(seat)).map(([seat_id]) => seat_id))
  }
  return seats
}

async function claimPlaces(tx: Tx, row: BlockRow): Promise<void> {
  const counter = await tx.maybe<{ tier_no: number }>(sql.lock_places, { tier_id: row.tier_id })
  const params = {
    block_id: row.block_id,
    tier_no: counter?.tier_no ?? -1,
    quantity: row.quantity,
    release_at: row.release_at,
  }
  if (counter !== undefined) await tx.one(sql.reap, { tier_no: counter.tier_no })
  const counted = await tx.none(sql.count_blocked, params)
  if (counted === 0) throw new BlockRefusedError([row.tier_id ?? ''])
  await tx.none(sql.hold_places, params)
}

/** Gives a block's seats and places back to the sale and forgets it. */
export async function unblock(
  tx: Tx,
  block_id: string,
): Promise<{ performance_id: string; freed: number[] } | undefined> {
  const row = await tx.maybe<BlockRow>(sql.block, { block_id })
  if (row === undefined) return undefined
  const performance = await tx.maybe<{ performance_no: number; chart_id: string | null }>(sql.performance, {
    performance_id: row.performance_id,
  })
  let freed: number[] = []
  if (performance !== undefined) {
    const chart =
      performance.chart_id === null
        ? null
        : (await tx.one<{ chart: Chart }>(sql.chart, { chart_id: performance.chart_id })).chart
    const seats = [...seatNumbers(chart, row.seat_ids).values()]
    freed = (
      await tx.one<{ freed: number[] }>(sql.free, { block_id, performance_no: performance.performance_no, seats })
    ).freed
    const places = row.tier_id === null ? [] : [{ tier_id: row.tier_id, quantity: row.quantity ?? 0 }]
    await publish(tx, 'booking.seats_unblocked', row.performance_id, {
      performance_id: row.performance_id,
      block_id,
      seats: freed,
      places,
    })
  }
  await tx.none(sql.delete_block, { block_id })
  return { performance_id: row.performance_id, freed }
}

const DUE_MAX = 50

/** Ends blocks whose release time has come; their seats could be held from that moment on already. */
export async function releaseDueBlocks(db: Db, as_of: string | null): Promise<number> {
  return db.transaction(async (tx) => {
    const due = await tx.many<{ block_id: string }>(sql.due_blocks, { as_of, limit: DUE_MAX })
    for (const { block_id } of due) await unblock(tx, block_id)
    return due.length
  })
}

function seatNumbers(chart: Chart | null, seat_ids: readonly string[]): Map<string, number> {
  const wanted = new Set(seat_ids)
  const numbers = new Map<string, number>()
  for (const [seat_no, seat] of (chart?.seats ?? []).entries()) if (wanted.has(seat.id)) numbers.set(seat.id, seat_no)
  return numbers
}
