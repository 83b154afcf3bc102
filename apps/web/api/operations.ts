import { type Call, type Input, send } from './client.ts'
import type * as G from './generated/types.gen.ts'

/** One function an operation of the API, named as the contract names it; a refusal is thrown as a `Problem`. */
type Query<Of extends { query?: unknown }> = NonNullable<Of['query']>

/* catalog */

export function listEvents(query: Query<G.ListEventsData>, call?: Call) {
  return send<G.ListEventsData, G.ListEventsResponse>('GET', '/api/v1/events', { query }, call)
}
export function getEvent(event_id: string, call?: Call) {
  return send<G.GetEventData, G.GetEventResponse>('GET', '/api/v1/events/{event_id}', { path: { event_id } }, call)
}
export function getPerformance(performance_id: string, call?: Call) {
  const url = '/api/v1/performances/{performance_id}'
  return send<G.GetPerformanceData, G.GetPerformanceResponse>('GET', url, { path: { performance_id } }, call)
}
export function getAvailability(event_id: string, call?: Call) {
  const url = '/api/v1/events/{event_id}/availability'
  return send<G.GetAvailabilityData, G.GetAvailabilityResponse>('GET', url, { path: { event_id } }, call)
}

/** How the sales of these events stand, for their cards. */
export function listAvailability(event_ids: readonly string[], call?: Call) {
  const query = { event_ids: event_ids.join(',') }
  return send<G.ListAvailabilityData, G.ListAvailabilityResponse>('GET', '/api/v1/availability', { query }, call)
}

/* booking */

export function holdSeats(input: Input<G.HoldSeatsData>) {
  return send<G.HoldSeatsData, G.HoldSeatsResponse>('POST', '/api/v1/bookings/hold', input)
}
/** For what costs nothing; a payment confirms its booking by itself. */
export function confirmBooking(input: Input<G.ConfirmBookingData>) {
  return send<G.ConfirmBookingData, G.ConfirmBookingResponse>('POST', '/api/v1/bookings/confirm', input)
}
/** `access` is the secret of an order link, for guests who come without their session. */
export function getBooking(booking_id: string, access?: string, call?: Call) {
  const input = { path: { booking_id }, query: access === undefined ? {} : { access } }
  return send<G.GetBookingData, G.GetBookingResponse>('GET', '/api/v1/bookings/{booking_id}', input, call)
}
/** One's own bookings, newest first. */
export function listMyBookings(query: Query<G.ListMyBookingsData>, call?: Call) {
  return send<G.ListMyBookingsData, G.ListMyBookingsResponse>('GET', '/api/v1/users/me/bookings', { query }, call)
}
/** Gives a hold back before its time; a conflict when it has been paid meanwhile. */
export function releaseHold(booking_id: string) {
  const input = { path: { booking_id }, query: { expect: 'held' as const } }
  return send<G.CancelBookingData, G.CancelBookingResponse>('DELETE', '/api/v1/bookings/{booking_id}', input)
}
export function previewCancellation(booking_id: string) {
  const input = { path: { booking_id }, query: { preview: 'true' as const } }
  return send<G.CancelBookingData, G.CancelBookingResponse>('DELETE', '/api/v1/bookings/{booking_id}', input)
}
/** Cancels what was confirmed, by the refund policy. */
export function cancelBooking(booking_id: string, idempotency_key: string) {
  const input = { path: { booking_id }, idempotency_key }
  return send<G.CancelBookingData, G.CancelBookingResponse>('DELETE', '/api/v1/bookings/{booking_id}', input)
}

/* payment */

/** Waits longer than others: the payment provider is asked on the way. */
const PAYMENT_TIMEOUT_MS = 20_000

export function createPaymentIntent(input: Input<G.CreatePaymentIntentData>) {
  const call = { timeout_ms: PAYMENT_TIMEOUT_MS }
  return send<G.CreatePaymentIntentData, G.CreatePaymentIntentResponse>('POST', '/api/v1/payments/intent', input, call)
}

/* tickets */

export function getTicket(ticket_id: string, access?: string, call?: Call) {
  const input = { path: { ticket_id }, query: access === undefined ? {} : { access } }
  return send<G.GetTicketData, G.GetTicketResponse>('GET', '/api/v1/tickets/{ticket_id}', input, call)
}
export function listMyTickets(query: Query<G.ListMyTicketsData>, call?: Call) {
  return send<G.ListMyTicketsData, G.ListMyTicketsResponse>('GET', '/api/v1/users/me/tickets', { query }, call)
}

/* door */

/** A guest stands there and waits: rather an early "no answer" than a late one. */
const SCAN_TIMEOUT_MS = 5_000

export function createCheckin(input: Input<G.CreateCheckinData>) {
  const call = { timeout_ms: SCAN_TIMEOUT_MS }
  return send<G.CreateCheckinData, G.CreateCheckinResponse>('POST', '/api/v1/checkins', input, call)
}
export function undoCheckin(checkin_id: string) {
  const url = '/api/v1/checkins/{checkin_id}'
  return send<G.UndoCheckinData, G.UndoCheckinResponse>('DELETE', url, { path: { checkin_id } })
}
export function getDoorState(performance_id: string, call?: Call) {
  const url = '/api/v1/performances/{performance_id}/checkins'
  return send<G.GetDoorStateData, G.GetDoorStateResponse>('GET', url, { path: { performance_id } }, call)
}

/* organizer and admin */

export function getEventSales(event_id: string, call?: Call) {
  const url = '/api/v1/events/{event_id}/sales'
  return send<G.GetEventSalesData, G.GetEventSalesResponse>('GET', url, { path: { event_id } }, call)
}
export function getIntegrity(call?: Call) {
  return send<G.GetIntegrityData, G.GetIntegrityResponse>('GET', '/api/v1/admin/integrity', {}, call)
}

/* identity; the browser's sessions are in session.ts */

export function readMe(call?: Call) {
  return send<G.ReadMeData, G.ReadMeResponse>('GET', '/api/v1/users/me', {}, call)
}
export function register(input: Input<G.RegisterData>) {
  return send<G.RegisterData, G.RegisterResponse>('POST', '/api/v1/auth/register', input)
}
export function login(input: Input<G.LoginData>) {
  return send<G.LoginData, G.LoginResponse>('POST', '/api/v1/auth/login', input)
}
export function welcomeGuest() {
  return send<G.WelcomeGuestData, G.WelcomeGuestResponse>('POST', '/api/v1/auth/guest', { body: {} })
}
export function logout() {
  return send<G.LogoutData, G.LogoutResponse>('POST', '/api/v1/auth/logout', { body: {} })
}
