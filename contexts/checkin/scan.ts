import { newId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { fullName } from '@tessera/contracts/person-name'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { DoorTicket, TicketingRpc } from '@tessera/contracts/rpc/ticketing'
import { readShortCode } from '@tessera/contracts/short-code'
import { performanceTag, readTicketCode, scannedText } from '@tessera/contracts/ticket-code'
import type { Access, Principal } from '#platform/auth'
import { type Db, loadSql } from '#platform/db'
import { RpcUnavailableError } from '#platform/rpc'
import type { CodeKeys } from './code-keys.ts'
import type { FailureLimit } from './failure-limit.ts'
import { knowTickets } from './know.ts'
import type { PerformanceOwner, Performances } from './performances.ts'
import type { Decision, Scan, ScanBatcher } from './scan-batcher.ts'

type Deps = {
  db: Db
  access: Access<Permission>
  ticketing: Pick<TicketingRpc, 'door_ticket'>
  identity: Pick<IdentityRpc, 'person'>
  shortCodeFailures: FailureLimit
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

/** The first admission, and the ticket's holder. */
export type Use = Extract<Decision, { result: 'already_used' }> & { admitted_by: string | null }

export type Admission = Extract<Decision, { result: 'admitted' }>

/** In the order of precedence; each is the slug of its problem. */
export type ScanOutcome =
  | { kind: 'not-found' }
  | { kind: 'unknown-code' }
  | { kind: 'wrong-performance' }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'void-ticket' }
  | { kind: 'already-used'; use: Use }
  | { kind: 'too-many-attempts'; retry_after_s: number }
  | { kind: 'admitted'; admission: Admission }

const DOOR_TICKET_TRIES = 2

const sql = loadSql(import.meta.url, ['by_short_code', 'admitted_by'])

type CodeId = { kind: 'code-id'; code_id: string }

/**
 * Reads a code at the door and admits its holder, once. The signature is verified here, and PostgreSQL decides the
 * rest. A valid code whose ticket is unknown here is looked up at ticketing; when ticketing is unavailable, twice, the
 * call fails with `unavailable`: a signature alone does not show that the ticket has not been cancelled.
 */
export async function scan(deps: Deps, input: ScanInput): Promise<ScanOutcome> {
  const owner = await deps.performances.find(input.performance_id)
  if (owner === undefined) return { kind: 'not-found' }
  if (!(await deps.access.mayIn(input.principal, 'tickets:scan', owner))) return { kind: 'not-found' }
  const code = await codeIdOf(deps, input, owner)
  if (code.kind !== 'code-id') return code
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
  if (decision.result !== 'unknown') return outcomeOf(deps, decision)
  return (await fetchTicket(deps, code.code_id))
    ? outcomeOf(deps, await deps.batcher.submit(submitted))
    : { kind: 'unknown-code' }
}

/**
 * The code id of a scanned text: a signed code in any letter case, with surrounding blanks, or a short code typed by
 * hand. Short codes are looked up among this organization's tickets, and failures are limited per person.
 */
async function codeIdOf(deps: Deps, input: ScanInput, owner: PerformanceOwner): Promise<CodeId | ScanOutcome> {
  const code = readTicketCode(scannedText(input.code))
  if (code !== null) {
    if (!(await deps.codeKeys.signed(code))) return { kind: 'unknown-code' }
    if (code.performance_tag !== performanceTag(input.performance_id)) return { kind: 'wrong-performance' }
    return { kind: 'code-id', code_id: code.code_id }
  }
  const range = readShortCode(input.code)
  if (range === null) return { kind: 'unknown-code' }
  const { user_id } = input.principal
  const retry_after_s = deps.shortCodeFailures.take(user_id)
  if (retry_after_s > 0) return { kind: 'too-many-attempts', retry_after_s }
  const { organization_id } = owner
  const named = await deps.db
    .many<{ code_id: string; performance_id: string }>(sql.by_short_code, { ...range, organization_id })
    .catch((error: unknown) => {
      deps.shortCodeFailures.giveBack(user_id)
      throw error
    })
  const here = named.filter((ticket) => ticket.performance_id === input.performance_id)
  const [ticket] = here
  if (ticket !== undefined && here.length === 1) {
    deps.shortCodeFailures.giveBack(user_id)
    return { kind: 'code-id', code_id: ticket.code_id }
  }
  return { kind: here.length === 0 && named.length > 0 ? 'wrong-performance' : 'unknown-code' }
}

/** The device's time in UTC; null for times that no working clock shows, such as the year 0. */
function deviceTime(text: string | null): string | null {
  const at_ms = text === null ? Number.NaN : Date.parse(text)
  return at_ms > 0 ? new Date(at_ms).toISOString() : null
}

/** Fetches a ticket whose event has not arrived yet; false when ticketing has none with that code. */
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

async function outcomeOf(deps: Deps, decision: Decision): Promise<ScanOutcome> {
  switch (decision.result) {
    case 'admitted':
      return { kind: 'admitted', admission: decision }
    case 'already_used':
      return { kind: 'already-used', use: { ...decision, admitted_by: await admittedBy(deps, decision.ticket_id) } }
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

/** The name of the person who admitted the holder; null when unavailable, which must not delay the answer. */
async function admittedBy(deps: Deps, ticket_id: string): Promise<string | null> {
  const row = await deps.db.maybe<{ staff_user_id: string }>(sql.admitted_by, { ticket_id })
  if (row === undefined) return null
  const person = await deps.identity.person({ user_id: row.staff_user_id }).catch(() => null)
  return person === null ? null : fullName(person) || null
}
