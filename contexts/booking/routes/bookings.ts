import {
  Booking,
  BookingParams,
  BookingQuery,
  BookingSummary,
  CancelledBooking,
  CancelQuery,
  ConfirmBody,
  MyBookingsQuery,
} from '@tessera/contracts/http/booking'
import { money } from '@tessera/contracts/money'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { type Static, Type } from 'typebox'
import type { Principal } from '#platform/auth'
import { answer, type Http, limitOf, type Outcome, page } from '#platform/http'
import { ownedBy } from '../adopt.ts'
import { type CancellationRefund, cancel, previewCancellation } from '../cancel.ts'
import { confirm } from '../confirm.ts'
import type { Deps } from '../deps.ts'
import { revokeOrderLink } from '../order-link.ts'
import { type BookingRow, myBookings, readBooking } from '../read.ts'
import { release } from '../release.ts'
import { readableBooking, showBooking } from '../show.ts'

const RETRY_AFTER_S = 2

export function bookingRoutes(http: Http<Permission>, deps: Deps): void {
  confirmRoute(http, deps)
  readRoutes(http, deps)
  linkRoute(http, deps)
  cancelRoute(http, deps)
}

function confirmRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/bookings/confirm',
      id: 'confirmBooking',
      summary: 'Confirm a free booking, or check whether a paid one is confirmed',
      tag: 'Booking',
      access: 'bookings:create',
      idempotency: 'required',
      body: ConfirmBody,
      responses: { 200: Booking },
      problems: ['hold-expired', 'payment-required', 'conflict', 'not-found'],
    },
    ({ principal, idempotency, body }) => deps.confirm_keys.once(idempotency, () => confirmOwn(deps, principal, body)),
  )
}

async function confirmOwn(deps: Deps, principal: Principal, body: Static<typeof ConfirmBody>): Promise<Outcome> {
  const booking = await ownBooking(deps, principal, body.booking_id)
  if (booking === undefined) return problem('not-found')
  const outcome = await confirm(deps, booking, body.payment_id)
  switch (outcome.kind) {
    case 'confirmed':
      return shown(deps, body.booking_id, principal)
    case 'hold-expired':
      return problem('hold-expired', outcome.detail)
    case 'payment-required':
      return problem('payment-required', 'Pay first: the payment confirms the booking by itself.')
    case 'conflict':
      return problem('conflict', outcome.detail)
  }
}

function readRoutes(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/bookings/:booking_id',
      id: 'getBooking',
      summary: 'A booking with its tickets and payments',
      tag: 'Booking',
      access: 'public',
      params: BookingParams,
      query: BookingQuery,
      responses: { 200: Booking },
      problems: ['not-found'],
    },
    async ({ principal, params, query }) => {
      const found = await readableBooking(deps, params.booking_id, principal, query.access)
      if (found === undefined) return problem('not-found')
      return answer(200, await showBooking(deps, found.booking, found.own), {
        'cache-control': 'private, no-store',
      })
    },
  )

  http.route(
    {
      method: 'GET',
      url: '/api/v1/users/me/bookings',
      id: 'listMyBookings',
      summary: 'Your bookings, newest first',
      tag: 'Booking',
      access: 'bookings:read:own',
      query: MyBookingsQuery,
      responses: { 200: page(BookingSummary) },
    },
    async ({ principal, query }) => {
      const limit = limitOf(query)
      const list = await myBookings(deps.db, principal.user_id, { limit, cursor: query.cursor, status: query.status })
      const next = list.next_cursor
      return answer(
        200,
        list,
        next === null
          ? {}
          : {
              link: `</api/v1/users/me/bookings?${query.status === undefined ? '' : `status=${query.status}&`}limit=${limit}&cursor=${next}>; rel="next"`,
            },
      )
    },
  )
}

function linkRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/bookings/:booking_id/link',
      id: 'revokeOrderLink',
      summary: 'Revoke the order link of your booking; the booking gets a new one',
      tag: 'Booking',
      access: 'bookings:cancel:own',
      params: BookingParams,
      responses: { 204: Type.Null() },
      problems: ['not-found'],
    },
    async ({ principal, params }) => {
      const booking = await ownBooking(deps, principal, params.booking_id)
      if (booking?.owner_id !== principal.user_id) return problem('not-found')
      await deps.db.transaction((tx) => revokeOrderLink(tx, booking.booking_id))
      return answer(204, null)
    },
  )
}

function cancelRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'DELETE',
      url: '/api/v1/bookings/:booking_id',
      id: 'cancelBooking',
      summary: 'Release a hold, or cancel a confirmed booking by the refund policy',
      tag: 'Booking',
      access: 'bookings:cancel:own',
      params: BookingParams,
      query: CancelQuery,
      responses: { 200: CancelledBooking },
      problems: ['already-admitted', 'conflict', 'not-found', 'unavailable'],
    },
    async ({ principal, params, query }) => {
      const booking = await ownBooking(deps, principal, params.booking_id)
      if (booking === undefined) return problem('not-found')
      if (query.preview === 'true') return preview(deps, booking)
      if (query.expect === 'held' && booking.status !== 'held' && booking.status !== 'released')
        return problem('conflict', `This booking is ${booking.status}.`)
      return releaseOrCancel(deps, booking, principal)
    },
  )
}

/** The buyer's own booking; an admin may act for them. The right to see a booking does not include changing it. */
async function ownBooking(deps: Deps, principal: Principal, booking_id: string): Promise<BookingRow | undefined> {
  const booking = await readBooking(deps.reads, booking_id)
  if (booking === undefined) return undefined
  const own = await ownedBy(deps, booking, principal.user_id)
  return own ?? (principal.roles.includes('admin') ? booking : undefined)
}

async function shown(deps: Deps, booking_id: string, principal: Principal): Promise<Outcome> {
  const booking = await readBooking(deps.reads, booking_id)
  if (booking === undefined) return problem('not-found')
  return answer(200, await showBooking(deps, booking, booking.owner_id === principal.user_id))
}

/** The same refusals as cancelling, and the amount that it would refund. */
async function preview(deps: Deps, booking: BookingRow): Promise<Outcome> {
  const { booking_id } = booking
  if (booking.status !== 'confirmed' && booking.status !== 'cancelled') return withoutRefund(booking, booking.status)
  const outcome = await previewCancellation(deps, booking_id)
  switch (outcome.kind) {
    case 'preview':
      return answer(200, { id: booking_id, status: booking.status, ...refundBody(outcome) })
    case 'already-admitted':
      return admitted()
    case 'over':
      return over()
    case 'not-confirmed':
      return withoutRefund(booking, outcome.status)
  }
}

async function releaseOrCancel(deps: Deps, booking: BookingRow, principal: Principal): Promise<Outcome> {
  const { booking_id } = booking
  if (booking.status === 'held') {
    const released = await release(deps, { booking_id, actor: principal.user_id })
    return withoutRefund(booking, released.kind === 'released' ? 'released' : released.status)
  }
  if (booking.status !== 'confirmed' && booking.status !== 'cancelled') return withoutRefund(booking, booking.status)
  const outcome = await cancel(deps, { booking_id, actor: principal.user_id })
  switch (outcome.kind) {
    case 'cancelled':
      return answer(200, { id: booking_id, status: 'cancelled', ...refundBody(outcome) })
    case 'refund-unknown':
      return problem(
        'unavailable',
        'The booking is cancelled. Its refund has not been recorded yet; ask again in a moment to see it.',
        {},
        RETRY_AFTER_S,
      )
    case 'already-admitted':
      return admitted()
    case 'over':
      return over()
    case 'not-confirmed':
      return withoutRefund(booking, outcome.status)
  }
}

function refundBody({ refund, waits_for_dispute }: CancellationRefund) {
  return { refund, ...(waits_for_dispute ? { refund_waits_for: 'dispute' as const } : {}) }
}

function withoutRefund(booking: BookingRow, status: BookingRow['status']): Outcome {
  return answer(200, { id: booking.booking_id, status, refund: money(0, booking.currency) })
}

function admitted(): Outcome {
  return problem('already-admitted', 'A ticket of this booking has been used at the door, so it cannot be cancelled.')
}

function over(): Outcome {
  return problem('conflict', 'The performance of this booking is over, so it cannot be cancelled any more.')
}
