import { sameOriginUrl } from '@tessera/contracts/same-origin'

/** Every link of the web app, in one place: pages first, then what the API serves as a file. */
export type DiscoverFilter = { genre?: string; city?: string; date?: string }

export const paths = {
  discover: (filter: DiscoverFilter = {}) => withQuery('/', filter),
  event: (event_id: string, performance_id?: string) => withQuery(`/events/${event_id}`, { on: performance_id }),
  seats: (performance_id: string) => `/performances/${performance_id}/seats`,
  checkout: (booking_id: string) => `/checkout/${booking_id}`,
  checkoutDone: (booking_id: string) => `/checkout/${booking_id}/done`,
  order: (booking_id: string, access?: string) => withQuery(`/orders/${booking_id}`, { access }),
  tickets: () => '/tickets',
  ticket: (ticket_id: string) => `/tickets/${ticket_id}`,
  signIn: (next?: string) => withQuery('/sign-in', { next }),
  invitation: (token: string) => `/invitations/${encodeURIComponent(token)}`,
  signUp: (next?: string) => withQuery('/sign-up', { next }),
  organizer: () => '/organizer',
  sales: (event_id: string) => `/organizer/events/${event_id}/sales`,
  doors: () => '/door',
  door: (performance_id: string) => `/door/${performance_id}`,
  integrity: () => '/admin/integrity',
  deadLetters: () => '/admin/dead-letters',
  foundedOrganizations: (state?: 'pending' | 'approved') =>
    withQuery('/admin/organizations', { state: state === 'approved' ? state : undefined }),
  styleguide: () => '/styleguide',

  eventImage: (event_id: string) => `/events/${event_id}/image.png`,
  calendar: (booking_id: string, access?: string) =>
    withQuery(`/api/v1/bookings/${booking_id}/calendar.ics`, { access }),
  eventCalendar: (event_id: string, performance_id: string) =>
    `/events/${event_id}/calendar.ics?performance=${performance_id}`,
  qr: (ticket_id: string, access?: string) => withQuery(`/api/v1/tickets/${ticket_id}/qr.svg`, { access }),
  orderPdf: (booking_id: string, access?: string) =>
    withQuery(`/api/v1/bookings/${booking_id}/tickets.pdf`, { access }),
  pdf: (ticket_id: string, access?: string) => withQuery(`/api/v1/tickets/${ticket_id}/pdf`, { access }),
  seatsStream: (performance_id: string) => `/api/v1/performances/${performance_id}/seats/stream`,
  salesStream: (event_id: string) => `/api/v1/events/${event_id}/sales/stream`,
  directions: (latitude: number, longitude: number) =>
    `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`,
}

/** Leaves out what is absent or empty, so that a link never carries `genre=undefined`. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value))
  }
  const text = params.toString()
  return text ? `${path}?${text}` : path
}

/** The page one is on, as a `next` of signing in. The secret of an order link stays behind: it belongs in no other address. */
export function hereAsNext(pathname: string, query: string): string {
  const params = new URLSearchParams(query)
  params.delete('access')
  return withQuery(pathname, Object.fromEntries(params))
}

/** Relative addresses resolve alike on every origin, and only what stays on this one is used. */
const ANY_ORIGIN = 'https://tessera.invalid'

/** Where to go after signing in: only a path of this origin, never another site. */
export function safeNext(next: string | undefined, otherwise: string = paths.discover()): string {
  const url = next?.startsWith('/') ? sameOriginUrl(ANY_ORIGIN, next) : null
  return url === null ? otherwise : `${url.pathname}${url.search}${url.hash}`
}
