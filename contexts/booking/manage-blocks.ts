import type { BlockBody } from '@tessera/contracts/http/sales'
import { isId } from '@tessera/contracts/ids'
import { type Problem, problem } from '@tessera/contracts/problems'
import type { Static } from 'typebox'
import type { Principal } from '#platform/auth'
import { loadSql } from '#platform/db'
import { answer, decodeCursor, type Idempotency, type Outcome, onceByKey, pageOf } from '#platform/http'
import { BlockRefusedError, type BlockState, block, unblock } from './block.ts'
import type { Deps } from './deps.ts'

const sql = loadSql(import.meta.url, ['block_owner', 'blocks'])

type CreateInput = {
  principal: Principal
  performance_id: string
  body: Static<typeof BlockBody>
  idempotency: Idempotency | null
}

/** Blocks seats or a quantity of a performance, published or not, for members with the right to. */
export async function createBlock(deps: Deps, input: CreateInput): Promise<Outcome> {
  const { principal, performance_id, body } = input
  const scope = await managedScope(deps, principal, performance_id)
  if (scope === null) return problem('not-found')
  const bySeat = body.seat_ids !== undefined
  const byQuantity = body.tier_id !== undefined && body.quantity !== undefined
  if (bySeat === byQuantity || bySeat !== (body.tier_id === undefined && body.quantity === undefined)) {
    return problem('malformed-request', 'Name either seat_ids, or tier_id with quantity.')
  }
  const named = await checkNames(deps, scope.chart_id, performance_id, body)
  if (named.kind === 'problem') return named
  const facts = {
    seat_ids: [...new Set(body.seat_ids ?? [])],
    tier_id: body.tier_id ?? null,
    quantity: body.quantity ?? null,
    reason: body.reason,
    release_at: body.release_at ?? null,
  }
  const { organization_id, event_id } = scope
  const row = { ...facts, organization_id, event_id, performance_id, created_by: principal.user_id }
  try {
    const outcome = await onceByKey(deps.db, input.idempotency, async (tx) => {
      const { block_id, state } = await block(tx, { ...row, tier_total: named.tier_total })
      const body = { id: block_id, performance_id, ...facts, state, unavailable: [] }
      return answer(201, body, { location: `/api/v1/blocks/${block_id}` })
    })
    const sale = await deps.on_sale.load(performance_id)
    if (sale !== undefined) deps.availability.forget(sale.performance_no)
    return outcome
  } catch (error) {
    if (!(error instanceof BlockRefusedError)) throw error
    return problem('seat-unavailable', 'Some of these are on hold, sold or blocked already.', {
      unavailable: error.unavailable,
    })
  }
}

type Scope = { organization_id: string; event_id: string; chart_id: string | null }

/** Null for an unknown performance or one of another organization. */
async function managedScope(deps: Deps, principal: Principal, performance_id: string): Promise<Scope | null> {
  const performance = await deps.rpc.catalog.performance({ performance_id })
  if (performance === null) return null
  const { organization_id, event_id, chart_id } = performance
  return (await deps.access.mayIn(principal, 'blocks:manage:own', { organization_id, event_id }))
    ? { organization_id, event_id, chart_id }
    : null
}

/** Validates the seats against the present chart, and that the tier is one of general admission; returns its total. */
async function checkNames(
  deps: Deps,
  chart_id: string | null,
  performance_id: string,
  body: Static<typeof BlockBody>,
): Promise<{ kind: 'named'; tier_total: number | null } | Problem> {
  if (body.seat_ids !== undefined) {
    const chart = chart_id === null ? null : await deps.rpc.catalog.chart({ chart_id })
    const known = new Set((chart?.seats ?? []).map((seat) => seat.id))
    const unknown = body.seat_ids.filter((seat_id) => !known.has(seat_id))
    return unknown.length === 0
      ? { kind: 'named', tier_total: null }
      : problem('unknown-seats', 'Some of these seats are not in the chart.', { seat_ids: unknown })
  }
  const tiers = await deps.rpc.catalog.tiers({ performance_id })
  const tier = tiers.find((one) => one.tier_id === body.tier_id)
  return tier?.quantity == null
    ? problem('unknown-seats', 'This is not a general-admission tier of this performance.', { seat_ids: [] })
    : { kind: 'named', tier_total: tier.quantity }
}

type ListedRow = {
  id: string
  performance_id: string
  seat_ids: string[]
  tier_id: string | null
  quantity: number | null
  reason: string
  release_at: string | null
  state: BlockState
  unavailable: string[]
  created_at: string
}

/** A performance's blocks, oldest first, each with its state; a refused one names what was unavailable. */
export async function listBlocks(
  deps: Deps,
  input: { principal: Principal; performance_id: string; limit: number; cursor: string | undefined },
): Promise<Outcome> {
  const { principal, performance_id, limit, cursor } = input
  if ((await managedScope(deps, principal, performance_id)) === null) return problem('not-found')
  const [after_time, after_id] = (cursor === undefined ? undefined : decodeCursor(cursor, 2)) ?? ['-infinity', '']
  const rows = await deps.db.many<ListedRow>(sql.blocks, { performance_id, after_time, after_id, limit: limit + 1 })
  const { items, next_cursor } = pageOf(rows, limit, (row) => [row.created_at, row.id])
  return answer(200, { items: items.map(({ created_at: _, ...item }) => item), next_cursor })
}

/** True when the block existed and has been removed. */
export async function removeBlock(deps: Deps, principal: Principal, block_id: string): Promise<boolean> {
  if (!isId('blk', block_id)) return false
  const owner = await deps.db.maybe<{ organization_id: string; event_id: string }>(sql.block_owner, { block_id })
  if (owner === undefined || !(await deps.access.mayIn(principal, 'blocks:manage:own', owner))) return false
  const unblocked = await deps.db.transaction((tx) => unblock(tx, block_id))
  if (unblocked === undefined) return false
  if (unblocked !== null) deps.onFreed(unblocked.performance_no, unblocked.freed)
  return true
}
