import { type Call, request } from './client.ts'
import type * as T from './types.ts'

/** One function an operation of the API; a refusal is thrown as a `Problem`. */
export type EventFilter = {
  genre?: string
  city?: string
  date_from?: string
  date_to?: string
  sort?: 'date' | '-date' | 'newest' | 'title' | 'price'
  organization_id?: string
  limit?: number
  cursor?: string
}

/* catalog */
export function listEvents(filter: EventFilter, call?: Call) {
  return request<T.Page<T.EventListItem>>('/events', { ...call, query: filter })
}
export function getEvent(id: string, call?: Call) {
  return request<T.Event>(`/events/${id}`, call)
}
export function getAvailability(event_id: string, call?: Call) {
  return request<T.Availability>(`/events/${event_id}/availability`, call)
}
export function getPerformance(id: string, call?: Call) {
  return request<T.PerformanceDetail>(`/performances/${id}`, call)
}

/* booking */
export type HoldBody = { performance_id: string; promo_code?: string } & (
  | { seats: { seat_id: string; tier_id: string }[] }
  | { items: { tier_id: string; quantity: number }[] }
  | { best_available: { tier_id: string; quantity: number } }
)
export function hold(body: HoldBody, call: Call & { idempotency_key: string }) {
  return request<T.HeldBooking>('/bookings/hold', { ...call, method: 'POST', body })
}
export function confirmBooking(body: object, call: Call & { idempotency_key: string }) {
  return request<T.Booking>('/bookings/confirm', { ...call, method: 'POST', body })
}
/** `access` is the secret of an order link, for guests who come by mail. */
export function getBooking(id: string, access?: string, call?: Call) {
  return request<T.Booking>(`/bookings/${id}`, { ...call, query: { access } })
}
export function previewCancellation(id: string) {
  return request<T.Cancellation>(`/bookings/${id}`, { method: 'DELETE', query: { preview: 'true' } })
}
export function cancelBooking(id: string, call: Call & { idempotency_key: string }) {
  return request<T.Cancellation>(`/bookings/${id}`, { ...call, method: 'DELETE' })
}
/** Gives a hold back before its time. */
export function releaseHold(id: string) {
  return request<T.Cancellation>(`/bookings/${id}`, { method: 'DELETE' })
}

/* payment */
export type IntentBody = {
  booking_id: string
  return_url: string
  email?: string
  holder?: { first_name: string; last_name: string }
}
export function createPaymentIntent(body: IntentBody, call: Call & { idempotency_key: string }) {
  return request<T.PaymentIntent>('/payments/intent', { ...call, method: 'POST', body, timeout_ms: 20_000 })
}

/* tickets */
export function getTicket(id: string, access?: string, call?: Call) {
  return request<T.Ticket>(`/tickets/${id}`, { ...call, query: { access } })
}
export function listMyTickets(filter: { limit?: number; cursor?: string }, call?: Call) {
  return request<T.Page<T.Ticket>>('/users/me/tickets', { ...call, query: filter })
}

/* identity */
export function getMe(call?: Call) {
  return request<T.User>('/users/me', call)
}

/* door */
export type ScanBody = { code: string; performance_id: string; gate?: string; device_id?: string; scanned_at?: string }
export function scan(body: ScanBody, call: Call & { idempotency_key: string }) {
  return request<T.Checkin>('/checkins', { ...call, method: 'POST', body, timeout_ms: 5_000 })
}
export function undoCheckin(id: string) {
  return request<{ checkin_id: string }>(`/checkins/${id}`, { method: 'DELETE' })
}
export function getDoorState(performance_id: string, call?: Call) {
  return request<T.DoorState>(`/performances/${performance_id}/checkins`, call)
}

/* organizer and admin */
export function getSales(event_id: string, call?: Call) {
  return request<T.EventSales>(`/events/${event_id}/sales`, call)
}
export function getIntegrity(call?: Call) {
  return request<T.Integrity>('/admin/integrity', call)
}
