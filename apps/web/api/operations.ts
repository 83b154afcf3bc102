import type { Call } from './client.ts'
import './client.ts'
import * as api from './generated/sdk.gen.ts'
import type * as G from './generated/types.gen.ts'

/**
 * The operations that the web app uses, by the generated client, named as the contract names them. A refusal is thrown as
 * a `Problem` (see client.ts).
 */
type Query<Of extends { query?: unknown }> = NonNullable<Of['query']>
type Keyed<Body> = { body: Body; idempotency_key: string }

async function dataOf<Data>(answer: Promise<{ data: Data }>): Promise<Data> {
  return (await answer).data
}

const key = (idempotency_key: string) => ({ 'idempotency-key': idempotency_key })

/* catalog */

export function listEvents(query: Query<G.ListEventsData>, call?: Call) {
  return dataOf(api.listEvents<true>({ query, ...call }))
}
export function getEvent(event_id: string, call?: Call) {
  return dataOf(api.getEvent<true>({ path: { event_id }, ...call }))
}
export function getPerformance(performance_id: string, call?: Call) {
  return dataOf(api.getPerformance<true>({ path: { performance_id }, ...call }))
}
export function getAvailability(event_id: string, call?: Call) {
  return dataOf(api.getAvailability<true>({ path: { event_id }, ...call }))
}
/** How the sales of these events stand, for their cards. */
export function listAvailability(event_ids: readonly string[], call?: Call) {
  return dataOf(api.listAvailability<true>({ query: { event_ids: event_ids.join(',') }, ...call }))
}

/* booking */

export function holdSeats({ body, idempotency_key }: Keyed<G.HoldSeatsData['body']>) {
  return dataOf(api.holdSeats<true>({ body, headers: key(idempotency_key) }))
}
/** For what costs nothing; a payment confirms its booking by itself. */
export function confirmBooking({ body, idempotency_key }: Keyed<G.ConfirmBookingData['body']>) {
  return dataOf(api.confirmBooking<true>({ body, headers: key(idempotency_key) }))
}
/** `access` is the secret of an order link, for guests who come without their session. */
export function getBooking(booking_id: string, access?: string, call?: Call) {
  return dataOf(api.getBooking<true>({ path: { booking_id }, query: withAccess(access), ...call }))
}
/** One's own bookings, newest first. */
export function listMyBookings(query: Query<G.ListMyBookingsData>, call?: Call) {
  return dataOf(api.listMyBookings<true>({ query, ...call }))
}
/** Gives a hold back before its time; a conflict when it has been paid meanwhile. */
export function releaseHold(booking_id: string) {
  return dataOf(api.cancelBooking<true>({ path: { booking_id }, query: { expect: 'held' } }))
}
export function previewCancellation(booking_id: string) {
  return dataOf(api.cancelBooking<true>({ path: { booking_id }, query: { preview: 'true' } }))
}
/** Cancels what was confirmed, by the refund policy. */
export function cancelBooking(booking_id: string, idempotency_key: string) {
  return dataOf(api.cancelBooking<true>({ path: { booking_id }, headers: key(idempotency_key) }))
}

function withAccess(access: string | undefined): { access?: string } {
  return access === undefined ? {} : { access }
}

/* payment */

export function createPaymentIntent({ body, idempotency_key }: Keyed<G.CreatePaymentIntentData['body']>) {
  return dataOf(api.createPaymentIntent<true>({ body, headers: key(idempotency_key) }))
}

/* tickets */

export function getTicket(ticket_id: string, access?: string, call?: Call) {
  return dataOf(api.getTicket<true>({ path: { ticket_id }, query: withAccess(access), ...call }))
}
export function listMyTickets(query: Query<G.ListMyTicketsData>, call?: Call) {
  return dataOf(api.listMyTickets<true>({ query, ...call }))
}

/* check-in */

export function createCheckin({ body, idempotency_key }: Keyed<G.CreateCheckinData['body']>, call?: Call) {
  return dataOf(api.createCheckin<true>({ ...call, body, headers: { ...call?.headers, ...key(idempotency_key) } }))
}
export function undoCheckin(checkin_id: string, call?: Call) {
  return dataOf(api.undoCheckin<true>({ path: { checkin_id }, ...call }))
}
export function getDoorState(performance_id: string, call?: Call) {
  return dataOf(api.getDoorState<true>({ path: { performance_id }, ...call }))
}

/* organizer and admin */

export function getEventSales(event_id: string, call?: Call) {
  return dataOf(api.getEventSales<true>({ path: { event_id }, ...call }))
}
export function getIntegrity(call?: Call) {
  return dataOf(api.getIntegrity<true>({ ...call }))
}
/** Events that a consumer gave up, oldest first. */
export function listDeadLetters(query: Query<G.ListDeadLettersData>, call?: Call) {
  return dataOf(api.listDeadLetters<true>({ query, ...call }))
}
/** Has its consumer take the event again, now; a conflict when it fails again. */
export function redriveDeadLetter(letter_id: string) {
  return dataOf(api.redriveDeadLetter<true>({ path: { letter_id } }))
}
export function listFoundedOrganizations(query: Query<G.ListFoundedOrganizationsData>, call?: Call) {
  return dataOf(api.listFoundedOrganizations<true>({ query, ...call }))
}
export function approveOrganization(organization_id: string) {
  return dataOf(api.approveOrganization<true>({ path: { organization_id } }))
}

/* identity; the browser's sessions are in session.ts */

export function readMe(call?: Call) {
  return dataOf(api.readMe<true>({ ...call }))
}
/** Joins the team that invited this account's address. */
export function acceptInvitation(token: string) {
  return dataOf(api.acceptInvitation<true>({ path: { token } }))
}
export function register(body: G.RegisterData['body']) {
  return dataOf(api.register<true>({ body }))
}
export function login(body: G.LoginData['body']) {
  return dataOf(api.login<true>({ body }))
}
export function welcomeGuest() {
  return dataOf(api.welcomeGuest<true>({ body: {} }))
}
export function logout() {
  return dataOf(api.logout<true>({ body: {} }))
}
