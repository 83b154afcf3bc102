import { newId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import type { DoorTicket, TicketingRpc } from '@tessera/contracts/rpc/ticketing'
import { performanceTag, readTicketCode } from '@tessera/contracts/ticket-code'
import type { Access, Principal } from '#platform/auth'
import type { Db } from '#platform/db'
import { RpcUnavailableError } from '#platform/rpc'
import type { CodeKeys } from './code-keys.ts'
import { knowTickets } from './know.ts'
import type { Performances } from './performances.ts'
import type { Decision, Scan, ScanBatcher } from './scan-batcher.ts'

type Deps = {
  db: Db
  access: Access<Permission>
  ticketing: Pick<TicketingRpc, 'door_ticket'>
  performances: Performances
  codeKeys: CodeKeys
  batcher: Pick<ScanBatcher, 'submit'>
}

export type ScanInput = {
  principal: Principal
  code: string
  performance_id: string
  gate: string | null
  device_id: string | null
  scanned_at: string | null
  idempotency: { key: string; body_hash: string } | null
}

export type Admission = Extract<Decision, { result: 'admitted' }>

/** In the order of precedence; each is the slug of its problem. */
export type ScanOutcome =
  | { kind: 'not-found' }
  | { kind: 'unknown-code' }
  | { kind: 'wrong-performance' }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'void-ticket' }
  | { kind: 'already-used'; first_admitted_at: string; gate: string | null }
  | { kind: 'admitted'; admission: Admission }

const DOOR_TICKET_TRIES = 2

/**
 * Reads a code at the door and admits its holder, once. The signature is checked here and PostgreSQL decides the rest. A
 * good code that the door has not heard of yet is asked for at ticketing; when ticketing is away, twice, the call fails
 * with `unavailable`: a signature alone does not say that the ticket has not been cancelled.
 */
export async function scan(deps: Deps, input: ScanInput): Promise<ScanOutcome> {
  const place = await deps.performances.find(input.performance_id)
  if (place === undefined) return { kind: 'not-found' }
  if (!(await deps.access.mayIn(input.principal, 'tickets:scan', place))) return { kind: 'not-found' }
  const code = readTicketCode(input.code)
  if (code === null || !(await deps.codeKeys.signed(code))) return { kind: 'unknown-code' }
  if (code.performance_tag !== performanceTag(input.performance_id)) return { kind: 'wrong-performance' }
  const submitted: Scan = {
    code_id: code.code_id,
    performance_id: input.performance_id,
    checkin_id: newId('chk'),
    staff_user_id: input.principal.user_id,
    gate: input.gate,
    device_id: input.device_id,
    scanned_at: deviceTime(input.scanned_at),
    idempotency_key: input.idempotency?.key ?? null,
    body_hash: input.idempotency?.body_hash ?? null,
  }
  const decision = await deps.batcher.submit(submitted)
  if (decision.result !== 'unknown') return outcomeOf(decision)
  return (await fetchTicket(deps, code.code_id))
    ? outcomeOf(await deps.batcher.submit(submitted))
    : { kind: 'unknown-code' }
}

/** The device's time in UTC; nothing for one that no working clock shows, such as the year 0. */
function deviceTime(text: string | null): string | null {
  const at_ms = text === null ? Number.NaN : Date.parse(text)
  return at_ms > 0 ? new Date(at_ms).toISOString() : null
}

/** Learns a ticket whose news is still on its way; false when ticketing has none with that code. */
async function fetchTicket(deps: Deps, code_id: string): Promise<boolean> {
  const ticket = await askTicketing(deps.ticketing, code_id)
  if (ticket === null) return false
  await knowTickets(deps.db, [ticket])
  return true
}

async function askTicketing(ticketing: Deps['ticketing'], code_id: string): Promise<DoorTicket | null> {
  for (let tries = 1; ; tries++) {
    try {
      return await ticketing.door_ticket({ code_id })
    } catch (cause) {
      if (tries >= DOOR_TICKET_TRIES)
        throw new RpcUnavailableError('ticketing cannot say whether this ticket is good', { cause })
    }
  }
}

function outcomeOf(decision: Decision): ScanOutcome {
  switch (decision.result) {
    case 'admitted':
      return { kind: 'admitted', admission: decision }
    case 'already_used':
      return { kind: 'already-used', first_admitted_at: decision.admitted_at, gate: decision.gate }
    case 'void':
      return { kind: 'void-ticket' }
    case 'wrong_performance':
      return { kind: 'wrong-performance' }
    case 'mismatch':
      return { kind: 'idempotency-mismatch' }
    case 'unknown':
      return { kind: 'unknown-code' }
  }
}
