import type { Permission } from '@tessera/contracts/permissions'
import type { Http } from '#platform/http'
import type { Deps } from './deps.ts'
import { eventRoutes } from './routes/events.ts'
import { performanceRoutes } from './routes/performances.ts'
import { chartRoutes, venueRoutes } from './routes/venues.ts'

export function routes(http: Http<Permission>, deps: Deps): void {
  venueRoutes(http, deps)
  chartRoutes(http, deps)
  eventRoutes(http, deps)
  performanceRoutes(http, deps)
}
