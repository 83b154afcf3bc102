import type { Permission } from '@tessera/contracts/permissions'
import type { Http } from '#platform/http'
import type { Deps } from './deps.ts'
import { bookingRoutes } from './routes/bookings.ts'
import { holdRoute } from './routes/hold.ts'
import { organizerRoutes } from './routes/organizer.ts'

export function routes(http: Http<Permission>, deps: Deps): void {
  holdRoute(http, deps)
  bookingRoutes(http, deps)
  organizerRoutes(http, deps)
}
