import type { Permission } from '@tessera/contracts/permissions'
import type { Http } from '#platform/http'
import type { CatalogDeps } from './deps.ts'
import { eventRoutes } from './event-routes.ts'
import { performanceRoutes } from './performance-routes.ts'
import { chartRoutes, venueRoutes } from './venue-routes.ts'

export function catalogRoutes(http: Http<Permission>, deps: CatalogDeps): void {
  venueRoutes(http, deps)
  chartRoutes(http, deps)
  eventRoutes(http, deps)
  performanceRoutes(http, deps)
}
