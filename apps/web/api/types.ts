/** Bodies of the API as the web app reads them. */
export type Money = { amount: number; currency: string }
export type Page<T> = { items: T[]; next_cursor: string | null }

export type Venue = {
  id: string
  name: string
  address: string
  city: string
  country: string
  latitude: number | null
  longitude: number | null
  time_zone: string
}
export type Tier = {
  id: string
  name: string
  price: Money
  categories: string[] | null
  quantity: number | null
  sale_start: string
  sale_end: string
  min_per_order: number
  max_per_order: number
}
export type Performance = {
  id: string
  chart_id: string | null
  start_time: string
  end_time: string
  doors_time: string | null
  status: 'draft' | 'published' | 'cancelled'
  tiers: Tier[]
}
export type RefundStep = { hours_before: number; percent: number }
export type Event = {
  id: string
  title: string
  description: string
  genre: string
  currency: string
  status: 'draft' | 'published' | 'cancelled' | 'completed'
  venue: Venue
  performances: Performance[]
  refund_policy: RefundStep[]
}
/** One performance with what its event says of it. */
export type PerformanceDetail = Performance & { event: Omit<Event, 'performances'> }
export type TierAvailability = {
  tier_id: string
  total: number
  sold: number
  held: number
  available: number
  price: Money
}
export type PerformanceAvailability = { performance_id: string; tiers: TierAvailability[] }
export type Availability = { performances: PerformanceAvailability[] }

export type BookingStatus = 'held' | 'confirmed' | 'expired' | 'released' | 'cancelled'
export type LineItem = {
  seat_id: string | null
  label: string
  tier: { id: string; name: string }
  quantity: number
  price: Money
  fees: Money
  tax: Money
}
export type TicketStatus = 'active' | 'used' | 'void' | 'transferred'
export type BookingTicket = { id: string; seat_id: string | null; tier_id: string; status: TicketStatus }
export type PaymentStatus =
  | 'created'
  | 'processing'
  | 'requires_action'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'partially_refunded'
  | 'refunded'
  | 'disputed'
export type BookingPayment = { id: string; status: PaymentStatus; amount: Money; refunded: Money }
export type Booking = {
  id: string
  booking_id: string
  performance_id: string
  event_id: string
  status: BookingStatus
  hold_expires_at: string
  line_items: LineItem[]
  subtotal: Money
  discount: Money
  fees: Money
  tax: Money
  total: Money
  currency: string
  tickets: BookingTicket[]
  payments: BookingPayment[]
  order_url?: string
  access_token?: string
}
export type Cancellation = { id: string; status: BookingStatus; refund: Money | null }

export type PaymentIntent = {
  payment_id: string
  provider: string
  client_secret: string
  checkout_url?: string
  status: PaymentStatus
  amount: Money
}
export type Payment = BookingPayment & { booking_id: string; provider: string }

export type Ticket = {
  id: string
  booking_id: string
  status: TicketStatus
  code?: string
  seat: { id: string; label: string } | null
  tier: { id: string; name: string }
  holder: { first_name: string; last_name: string } | null
  event: { id: string; title: string; genre: string }
  performance: { id: string; start_time: string; end_time: string; doors_time: string | null }
  venue: { name: string; city: string; time_zone: string }
}

export type User = {
  id: string
  email: string | null
  first_name: string
  last_name: string
  guest: boolean
  role: string
  organizations: { id: string; name: string; role: string }[]
}
export type Session = { user: User; csrf_token?: string }

export type Checkin = {
  checkin_id: string
  result: 'admitted'
  ticket: { id: string }
  holder: string
  seat: string
  tier: string
}
export type CheckinCounts = { admitted: number; total: number }
export type Integrity = { checked_at: string; invariants: { id: string; title: string; violations: number }[] }
