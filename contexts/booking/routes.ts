import type { Permission } from '@tessera/contracts/permissions'
import type { Http } from '#platform/http'
import type { BookingDeps } from './deps.ts'
import { bookingRoutes } from './routes/bookings.ts'
import { organizerRoutes } from './routes/organizer.ts'

export function routes(http: Http<Permission>, deps: BookingDeps): void {
  bookingRoutes(http, deps)
  organizerRoutes(http, deps)
}
