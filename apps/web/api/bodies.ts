import type * as G from './generated/types.gen.ts'

/** Names for what the API's operations answer, as their generated types have it. */
export type EventListItem = G.ListEventsResponse['items'][number]
export type Event = G.GetEventResponse
export type Performance = Event['performances'][number]
export type Tier = Performance['tiers'][number]
export type PerformanceDetail = G.GetPerformanceResponse
export type Money = Tier['price']
export type RefundStep = Event['refund_policy'][number]
export type Availability = G.GetAvailabilityResponse
export type TierAvailability = Availability['performances'][number]['tiers'][number]

export type SaleSummary = G.ListAvailabilityResponse['items'][number]

export type HoldBody = G.HoldSeatsData['body']
export type Booking = G.GetBookingResponse
export type BookingSummary = G.ListMyBookingsResponse['items'][number]
export type Cancellation = G.CancelBookingResponse

export type Ticket = G.GetTicketResponse

export type User = G.ReadMeResponse
export type RegisterBody = G.RegisterData['body']

export type CheckinBody = G.CreateCheckinData['body']
export type Checkin = G.CreateCheckinResponse
export type EventSales = G.GetEventSalesResponse
export type Integrity = G.GetIntegrityResponse
export type DeadLetter = G.ListDeadLettersResponse['items'][number]
export type FoundedOrganization = G.ListFoundedOrganizationsResponse['items'][number]
