/**
 * Who may do what, said once more and independently of the permission table that the product reads. An operation without
 * an entry fails the tests: a new one is a decision, never an accident.
 */

/** What someone is to an object. `someone`: signed in, guests too. `account`: not a guest. */
export type Standing = 'anyone' | 'someone' | 'account' | 'holder' | 'organizer' | 'box_office' | 'staff' | 'admin'

/** What an operation is about. Of each there is one's own, a colleague's, another tenant's, and one that never was. */
export type Kind =
  | 'event'
  | 'performance'
  | 'tier'
  | 'venue'
  | 'chart'
  | 'organization'
  | 'booking'
  | 'hold'
  | 'ticket'
  | 'payment'
  | 'intent'
  | 'block'
  | 'checkin'
  | 'session'
  | 'none'

export type Rule = {
  object: Kind
  may: readonly Standing[]
  /** Everyone may once it is published; of a draft, only these. */
  draft?: readonly Standing[]
  /** What someone without a valid token hears where the door itself lets everyone through. */
  stranger?: 401 | 404
  /** What someone who may hears of these requests (of which some name nobody real), where it is not a 2xx. */
  done?: readonly number[]
  /** The object is gone afterwards: each who may gets a fresh one. */
  consumes?: true
  /** Whoever may is signed out by it, and could not be asked any more: that it works is for the journeys to show. */
  ends_token?: true
}

const READERS = ['organizer', 'box_office', 'staff', 'admin'] as const
const DOOR = ['organizer', 'box_office', 'staff', 'admin'] as const
const TILL = ['organizer', 'box_office', 'admin'] as const
const OWNER = ['organizer', 'admin'] as const

export const POLICY: Readonly<Record<string, Rule>> = {
  // Identity
  register: { object: 'none', may: ['anyone'] },
  login: { object: 'none', may: ['anyone'], done: [401] },
  welcomeGuest: { object: 'none', may: ['anyone'] },
  refresh: { object: 'none', may: ['anyone'], done: [401] },
  logout: { object: 'none', may: ['someone'], stranger: 401, ends_token: true },
  readKeys: { object: 'none', may: ['anyone'] },
  readMe: { object: 'none', may: ['someone'] },
  updateMe: { object: 'none', may: ['account'] },
  listSessions: { object: 'none', may: ['someone'] },
  revokeSession: { object: 'session', may: ['holder'], consumes: true },
  createOrganization: { object: 'none', may: ['account'] },
  listOrganizations: { object: 'none', may: ['someone'] },
  addMember: { object: 'organization', may: OWNER, done: [422] },
  removeMember: { object: 'organization', may: OWNER, done: [404] },
  listInvitations: { object: 'organization', may: OWNER },
  withdrawInvitation: { object: 'organization', may: OWNER, done: [404] },
  inviteMember: { object: 'organization', may: OWNER },
  acceptInvitation: { object: 'organization', may: ['account'], done: [404] },
  listMembers: { object: 'organization', may: OWNER },

  // Catalog
  listEvents: { object: 'none', may: ['anyone'] },
  getEvent: { object: 'event', may: ['anyone'], draft: READERS, stranger: 404 },
  createEvent: { object: 'venue', may: OWNER },
  updateEvent: { object: 'event', may: OWNER },
  publishEvent: { object: 'event', may: OWNER },
  cancelEvent: { object: 'event', may: OWNER, consumes: true },
  createVenue: { object: 'organization', may: OWNER },
  listVenues: { object: 'none', may: OWNER },
  getVenue: { object: 'venue', may: ['anyone'], draft: OWNER, stranger: 404 },
  createChart: { object: 'venue', may: OWNER },
  listCharts: { object: 'venue', may: OWNER },
  getChart: { object: 'chart', may: OWNER },
  getChartGeometry: { object: 'chart', may: ['anyone'], draft: OWNER, stranger: 404 },
  addPerformance: { object: 'event', may: OWNER },
  getPerformance: { object: 'performance', may: ['anyone'], draft: READERS, stranger: 404 },
  updatePerformance: { object: 'performance', may: OWNER },
  removePerformance: { object: 'performance', may: OWNER, consumes: true, done: [204, 409] },
  addTier: { object: 'performance', may: OWNER },
  updateTier: { object: 'tier', may: OWNER },

  // Seats
  getSeats: { object: 'performance', may: ['anyone'], draft: [], stranger: 404 },
  streamSeats: { object: 'performance', may: ['anyone'], draft: [], stranger: 404 },
  getAvailability: { object: 'event', may: ['anyone'], draft: [], stranger: 404 },
  listAvailability: { object: 'none', may: ['anyone'], done: [400] },

  // Booking
  holdSeats: { object: 'performance', may: ['someone'], draft: [], done: [201, 409] },
  confirmBooking: { object: 'hold', may: ['holder', 'admin'], done: [402] },
  getBooking: { object: 'booking', may: ['holder', ...TILL], stranger: 404 },
  cancelBooking: { object: 'booking', may: ['holder', 'admin'], consumes: true },
  revokeOrderLink: { object: 'booking', may: ['holder'] },
  listMyBookings: { object: 'none', may: ['someone'] },
  getEventSales: { object: 'event', may: TILL },
  streamEventSales: { object: 'event', may: TILL },
  blockSeats: { object: 'performance', may: TILL, done: [201, 409] },
  listBlocks: { object: 'performance', may: TILL },
  unblockSeats: { object: 'block', may: TILL, consumes: true },

  // Payment
  createPaymentIntent: { object: 'hold', may: ['holder'] },
  // The address is the right: the key in it is nobody's here.
  openCheckout: { object: 'payment', may: ['anyone'], done: [404], stranger: 404 },
  confirmPayment: { object: 'intent', may: ['holder'], done: [402] },
  getPayment: { object: 'payment', may: ['holder', ...TILL] },
  refundPayment: { object: 'payment', may: OWNER },
  listRefundCases: { object: 'event', may: TILL },
  resolveRefundCase: { object: 'payment', may: OWNER, done: [409] },
  receiveStripeWebhook: { object: 'none', may: ['anyone'], done: [400] },
  receiveStripeWebhookAtRoot: { object: 'none', may: ['anyone'], done: [400] },

  // Tickets and the door
  getTicket: { object: 'ticket', may: ['holder', ...DOOR], stranger: 401 },
  getTicketQrSvg: { object: 'ticket', may: ['holder'], stranger: 401 },
  getTicketQrPng: { object: 'ticket', may: ['holder'], stranger: 401 },
  getTicketPdf: { object: 'ticket', may: ['holder'], stranger: 401 },
  getBookingTicketsPdf: { object: 'booking', may: ['holder'], stranger: 401 },
  getBookingCalendar: { object: 'booking', may: ['holder', ...DOOR], stranger: 401 },
  listMyTickets: { object: 'none', may: ['someone'] },
  createCheckin: { object: 'performance', may: DOOR, draft: DOOR, done: [422] },
  undoCheckin: { object: 'checkin', may: DOOR, consumes: true },
  getDoorState: { object: 'performance', may: DOOR },

  // Operating
  listFoundedOrganizations: { object: 'none', may: ['admin'] },
  approveOrganization: { object: 'organization', may: ['admin'] },
  listDeadLetters: { object: 'none', may: ['admin'] },
  redriveDeadLetter: { object: 'none', may: ['admin'], done: [404] },
  getIntegrity: { object: 'none', may: ['admin'] },
  getTrialBalance: { object: 'none', may: ['admin'] },
}

/** Operations that nobody decided about, and decisions about operations that are gone. */
export function undecided(operations: readonly string[]): { missing: string[]; stale: string[] } {
  return {
    missing: operations.filter((id) => !Object.hasOwn(POLICY, id)),
    stale: Object.keys(POLICY).filter((id) => !operations.includes(id)),
  }
}
