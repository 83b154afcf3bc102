import { type Call, request } from './client.ts'
import type * as T from './types.ts'

export type EventFilter = {
  genre?: string
  city?: string
  date_from?: string
  date_to?: string
  sort?: string
  limit?: number
  cursor?: string
}

/* catalog */
export const listEvents = (filter: EventFilter, call?: Call) =>
  request<T.Page<T.Event>>('/events', { ...call, query: filter })
export const getEvent = (id: string, call?: Call) => request<T.Event>(`/events/${id}`, call)
export const getAvailability = (event_id: string, call?: Call) =>
  request<T.Availability>(`/events/${event_id}/availability`, call)
export const getPerformance = (id: string, call?: Call) => request<T.PerformanceDetail>(`/performances/${id}`, call)
export const getMe = (call?: Call) => request<T.User>('/users/me', call)
