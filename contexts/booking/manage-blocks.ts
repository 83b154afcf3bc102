import type { BlockBody } from '@tessera/contracts/http/sales'
import { isId } from '@tessera/contracts/ids'
import { problem } from '@tessera/contracts/problems'
import type { Static } from 'typebox'
import type { Principal } from '#platform/auth'
import { loadSql } from '#platform/db'
import { answer, type Idempotency, type Outcome, onceByKey } from '#platform/http'
import { BlockRefusedError, block, unblock } from './block.ts'
import type { BookingDeps } from './deps.ts'

const sql = loadSql(import.meta.url, ['block_owner'])

type CreateInput = {
  principal: Principal
  performance_id: string
  body: Static<typeof BlockBody>
  idempotency: Idempotency | null
}

/** Blocks seats or places of a performance, published or not, for the people who may. */
export async function createBlock(deps: BookingDeps, input: CreateInput): Promise<Outcome> {
  const { principal, performance_id, body } = input
  const performance = await deps.rpc.catalog.performance({ performance_id })
  if (performance === null) return problem('not-found')
  const place = { organization_id: performance.organization_id, event_id: performance.event_id }
  if (!(await deps.access.mayIn(principal, 'blocks:manage:own', place))) return problem('not-found')
  const bySeat = body.seat_ids !== undefined
  const byPlace = body.tier_id !== undefined && body.quantity !== undefined
  if (bySeat === byPlace || bySeat !== (body.tier_id === undefined && body.quantity === undefined)) {
    return problem('malformed-request', 'Name either seat_ids, or tier_id with quantity.')
  }
  const strange = await strangeNames(deps, performance.chart_id, performance_id, body)
  if (strange !== null) return strange
  const facts = {
    seat_ids: [...new Set(body.seat_ids ?? [])],
    tier_id: body.tier_id ?? null,
    quantity: body.quantity ?? null,
    reason: body.reason,
    release_at: body.release_at ?? null,
  }
  try {
    const outcome = await onceByKey(deps.db, input.idempotency, async (tx) => {
      const id = await block(tx, { ...facts, ...place, performance_id, created_by: principal.user_id })
      return answer(201, { id, performance_id, ...facts }, { location: `/api/v1/blocks/${id}` })
    })
    deps.availability.forget()
    return outcome
  } catch (error) {
    if (!(error instanceof BlockRefusedError)) throw error
    return problem('seat-unavailable', 'Some of these are held, sold or blocked already.', {
      unavailable: error.unavailable,
    })
  }
}

async function strangeNames(
  deps: BookingDeps,
  chart_id: string | null,
  performance_id: string,
  body: Static<typeof BlockBody>,
): Promise<Outcome | null> {
  if (body.seat_ids !== undefined) {
    const chart = chart_id === null ? null : await deps.rpc.catalog.chart({ chart_id })
    const known = new Set((chart?.seats ?? []).map((seat) => seat.id))
    const strange = body.seat_ids.filter((seat_id) => !known.has(seat_id))
    return strange.length === 0
      ? null
      : problem('unknown-seats', 'Some of these seats are not in the chart.', { seat_ids: strange })
  }
  const tiers = await deps.rpc.catalog.tiers({ performance_id })
  const tier = tiers.find((one) => one.tier_id === body.tier_id)
  return tier?.quantity == null
    ? problem('unknown-seats', 'This is not a general-admission tier of this performance.', { seat_ids: [] })
    : null
}

/** True when it was there and is gone now. */
export async function removeBlock(deps: BookingDeps, principal: Principal, block_id: string): Promise<boolean> {
  if (!isId('blk', block_id)) return false
  const owner = await deps.db.maybe<{ organization_id: string; event_id: string }>(sql.block_owner, { block_id })
  if (owner === undefined || !(await deps.access.mayIn(principal, 'blocks:manage:own', owner))) return false
  const gone = await deps.db.transaction((tx) => unblock(tx, block_id))
  deps.availability.forget()
  return gone !== undefined
}
