import {
  Checkin,
  CheckinInput,
  CheckinParams,
  CheckinPerformanceParams,
  DoorState,
  UndoneCheckin,
} from '@tessera/contracts/http/checkin'
import { isId } from '@tessera/contracts/ids'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { SaturatedError } from '#platform/batching'
import { answer, type Http, type Outcome, onceByKey } from '#platform/http'
import type { Deps } from './deps.ts'
import { doorState } from './door-state.ts'
import { type Admission, type ScanOutcome, scan, type Use } from './scan.ts'
import { findAdmission, undo } from './undo.ts'

export function routes(http: Http<Permission>, deps: Deps): void {
  scanRoute(http, deps)
  undoRoute(http, deps)
  doorStateRoute(http, deps)
}

function scanRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/checkins',
      id: 'createCheckin',
      summary: 'Scan a ticket and admit its holder, once',
      tag: 'Check-in',
      access: 'tickets:scan',
      body: CheckinInput,
      responses: { 200: Checkin },
      problems: [
        'not-found',
        'unknown-code',
        'wrong-performance',
        'idempotency-mismatch',
        'void-ticket',
        'already-used',
        'too-many-attempts',
        'unavailable',
      ],
    },
    async (call) => {
      const { code, performance_id, gate = null, device_id = null, scanned_at = null } = call.body
      if (!isId('perf', performance_id)) return problem('not-found')
      const input = {
        principal: call.principal,
        code,
        performance_id,
        gate,
        device_id,
        scanned_at,
        idempotency: call.idempotency,
      }
      try {
        const outcome = await scan(deps, input)
        deps.scans.inc({ result: outcome.kind })
        return answerScan(outcome)
      } catch (error) {
        if (error instanceof SaturatedError) return problem('unavailable', 'Too many scans at once.', {}, 1)
        throw error
      }
    },
  )
}

function undoRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/checkins/:checkin_id',
      id: 'undoCheckin',
      summary: 'Undo an admission',
      tag: 'Check-in',
      access: 'tickets:scan',
      params: CheckinParams,
      responses: { 200: UndoneCheckin },
      problems: ['not-found', 'conflict'],
    },
    async (call) => {
      const principal = call.principal
      const { checkin_id } = call.params
      if (!isId('chk', checkin_id)) return problem('not-found')
      const admission = await findAdmission(deps, { principal, checkin_id })
      if (admission === undefined) return problem('not-found')
      return onceByKey(deps.db, call.idempotency, async (tx) => {
        const outcome = await undo(tx, admission, principal.user_id)
        switch (outcome.kind) {
          case 'undone':
            return answer(200, { checkin_id, result: 'undone', ticket: { id: admission.ticket_id } })
          case 'conflict':
            return problem('conflict', 'This admission was taken back before.')
        }
      })
    },
  )
}

function doorStateRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/performances/:performance_id/checkins',
      id: 'getDoorState',
      summary: 'The number of admitted tickets, and the latest admissions',
      tag: 'Check-in',
      access: 'checkins:read',
      params: CheckinPerformanceParams,
      responses: { 200: DoorState },
      problems: ['not-found'],
    },
    async (call) => {
      const { performance_id } = call.params
      if (!isId('perf', performance_id)) return problem('not-found')
      const outcome = await doorState(deps, { principal: call.principal, performance_id })
      if (outcome.kind === 'not-found') return problem('not-found')
      return answer(200, outcome.state, { etag: outcome.tag, 'cache-control': 'private, no-cache' })
    },
  )
}

function answerScan(outcome: ScanOutcome): Outcome {
  switch (outcome.kind) {
    case 'not-found':
      return problem('not-found')
    case 'unknown-code':
      return problem('unknown-code', 'No ticket of ours has this code.', { result: 'unknown_code' })
    case 'wrong-performance':
      return problem('wrong-performance', 'This ticket is for another performance.', { result: 'wrong_performance' })
    case 'idempotency-mismatch':
      return { kind: 'idempotency-mismatch' }
    case 'void-ticket':
      return problem('void-ticket', 'This ticket was cancelled.', { result: 'void' })
    case 'already-used': {
      const { use } = outcome
      return problem('already-used', 'Someone was admitted with this ticket before.', {
        result: 'already_used',
        first_admitted_at: use.admitted_at,
        gate: use.gate,
        admitted_by: use.admitted_by,
        ...ticketOf(use),
      })
    }
    case 'too-many-attempts':
      return problem('too-many-attempts', 'Too many codes that name no ticket.', {}, outcome.retry_after_s)
    case 'admitted':
      return answer(
        200,
        documentOf(outcome.admission),
        outcome.admission.replayed ? { 'idempotent-replayed': 'true' } : {},
      )
  }
}

function documentOf(admission: Admission): Checkin {
  return {
    checkin_id: admission.checkin_id,
    result: 'admitted',
    admitted_at: admission.admitted_at,
    gate: admission.gate,
    ...ticketOf(admission),
  }
}

function ticketOf(decided: Admission | Use): Pick<Checkin, 'ticket' | 'holder' | 'seat'> {
  const { holder_first_name: first_name, holder_last_name: last_name, seat_id } = decided
  return {
    ticket: {
      id: decided.ticket_id,
      booking_id: decided.booking_id,
      performance_id: decided.performance_id,
      tier: { id: decided.tier_id, name: decided.tier_name },
    },
    holder: first_name === null || last_name === null ? null : { first_name, last_name },
    seat: seat_id === null ? null : { id: seat_id, label: decided.seat_label },
  }
}
