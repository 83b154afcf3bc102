import { isConnectionLoss, UnknownOutcomeError } from './db.ts'
import { codeOf } from './error-code.ts'

/**
 * SQLSTATEs that concern the server or other sessions and not the statement: connection exceptions (08), insufficient
 * resources (53), operator intervention (57: cancellation, shutdown, crash), system errors (58), serialization failure
 * and deadlock, lock time-out, read-only and idle time-outs.
 */
const OUTAGE_CODES = /^(?:08|53|57|58)|^(?:40001|40P01|55P03|25006|25P03|25P04)$/
/** Node.js codes: the address, the network or the socket. */
const SOCKET_CODES = /^E(?:CONN|PIPE|TIMEDOUT|HOST|NET|AI_|ADDR|NOTFOUND)/
/** The driver gives these no code. */
const DRIVER_MESSAGES =
  /Query read timeout|Client was closed|Client has encountered a connection error|Cannot use a pool/i
/** Our own errors: a call to another context or provider had no answer in time, or was not made. */
const UNAVAILABLE_NAMES = new Set([
  'AbortError',
  'TimeoutError',
  'RpcUnavailableError',
  'DeadlineError',
  'RefusedUnsentError',
])

/** True when the same work may succeed later without any change to it: the error says nothing about the input. */
export function isOutage(error: unknown): boolean {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if (one instanceof UnknownOutcomeError || isConnectionLoss(one)) return true
    const code = codeOf(one) ?? ''
    if (OUTAGE_CODES.test(code) || SOCKET_CODES.test(code)) return true
    if (DRIVER_MESSAGES.test(one.message) || UNAVAILABLE_NAMES.has(one.name)) return true
  }
  return false
}
