import {
  PaymentParams,
  RefundCaseParams,
  RefundCaseResolution,
  RefundCases,
  RefundPaymentRequest,
  RefundPaymentResponse,
  ResolvedRefundCase,
} from '@tessera/contracts/http/payment'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { answer, type Http } from '#platform/http'
import type { Deps } from '../deps.ts'
import { openCases, resolveCase } from '../refunds/cases.ts'
import { refundPayment } from '../refunds/refund.ts'

export function refundRoutes(http: Http<Permission>, deps: Deps): void {
  refundRoute(http, deps)
  casesRoute(http, deps)
  resolveRoute(http, deps)
}

function refundRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/payments/:payment_id/refund',
      id: 'refundPayment',
      summary: 'Refund money, in whole or in part',
      description:
        'Returns money and nothing else: the booking stays confirmed and its tickets stay valid. To take the seats back, cancel the booking.',
      tag: 'Payment',
      access: 'payments:refund:own',
      idempotency: 'required',
      params: PaymentParams,
      body: RefundPaymentRequest,
      responses: { 200: RefundPaymentResponse },
      problems: ['not-found', 'refund-refused', 'idempotency-mismatch'],
    },
    async (call) => {
      const { principal, idempotency } = call
      const { payment_id } = call.params
      const outcome = await refundPayment(deps, { principal, payment_id, idempotency, body: call.body })
      switch (outcome.kind) {
        case 'refunded':
          return answer(200, outcome.body)
        case 'idempotency-mismatch':
          return outcome
        case 'not-found':
          return problem('not-found')
        case 'refund-refused':
          return problem('refund-refused', outcome.detail)
      }
    },
  )
}

function casesRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/events/:event_id/refund-cases',
      id: 'listRefundCases',
      summary: 'Returned refunds that nobody has resolved yet',
      tag: 'Payment',
      access: 'sales:read:own',
      params: RefundCaseParams,
      responses: { 200: RefundCases },
      problems: ['not-found'],
    },
    async ({ principal, params: { event_id } }) => {
      const event = await deps.rpc.catalog.event({ event_id })
      const may =
        event !== null &&
        principal !== null &&
        (await deps.access.mayIn(principal, 'sales:read:own', { organization_id: event.organization_id, event_id }))
      if (!may) return problem('not-found')
      return answer(200, await openCases(deps, event_id), { 'cache-control': 'private, no-store' })
    },
  )
}

function resolveRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/payments/:payment_id/refund-cases',
      id: 'resolveRefundCase',
      summary: 'Resolve a returned refund',
      tag: 'Payment',
      access: 'payments:refund:own',
      params: PaymentParams,
      body: RefundCaseResolution,
      responses: { 200: ResolvedRefundCase },
      problems: ['not-found', 'conflict'],
    },
    async ({ principal, params, body }) => {
      const outcome = await resolveCase(deps, { principal, payment_id: params.payment_id, body })
      switch (outcome.kind) {
        case 'resolved': {
          const { id: refund_id, payment_id, status } = outcome.refund
          return answer(200, { refund_id, payment_id, status })
        }
        case 'not-found':
          return problem('not-found')
        case 'conflict':
          return problem('conflict', outcome.detail)
      }
    },
  )
}
