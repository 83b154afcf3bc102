import type { Venue, VenueInput } from '@tessera/contracts/http/catalog'
import { newId } from '@tessera/contracts/ids'
import type { FieldError } from '@tessera/contracts/problems'
import { loadSql, type Tx } from '#platform/db'
import { isCountry, isTimeZone } from './country-and-zone.ts'
import { type InvalidInput, invalidInput } from './invalid-input.ts'
import { type LimitExceeded, type OrganizationLimits, refuseBeyondLimits } from './organization-limits.ts'
import { checkText, filterKey } from './plain-text.ts'

const sql = loadSql(import.meta.url, ['insert_venue'])

type Deps = { tx: Tx; limits: OrganizationLimits }

type CreateVenueOutcome = { kind: 'created'; venue: Venue } | InvalidInput | LimitExceeded

/** A venue with a time zone. `tx` acts for `organization_id`. */
export async function createVenue(
  deps: Deps,
  input: VenueInput & { organization_id: string },
): Promise<CreateVenueOutcome> {
  const errors = fieldErrorsOf(input)
  if (errors.length > 0) return invalidInput(errors)
  const { organization_id } = input
  const refused = await refuseBeyondLimits(deps.tx, { organization_id, kind: 'venues', limits: deps.limits })
  if (refused !== null) return refused
  const venue = await deps.tx.one<Venue>(sql.insert_venue, {
    id: newId('ven'),
    organization_id: input.organization_id,
    name: input.name,
    address: input.address ?? '',
    city: input.city ?? '',
    city_key: filterKey(input.city ?? ''),
    country: input.country,
    latitude: input.latitude ?? null,
    longitude: input.longitude ?? null,
    time_zone: input.time_zone,
  })
  return { kind: 'created', venue }
}

function fieldErrorsOf(input: VenueInput): FieldError[] {
  const field_errors: FieldError[] = []
  checkText(field_errors, '/name', input.name, { filled: true })
  checkText(field_errors, '/address', input.address ?? '', { lines: true })
  checkText(field_errors, '/city', input.city ?? '', {})
  if (!isCountry(input.country)) {
    field_errors.push({ pointer: '/country', detail: 'must be an ISO 3166-1 alpha-2 code such as AT or CA' })
  }
  if (!isTimeZone(input.time_zone)) {
    field_errors.push({ pointer: '/time_zone', detail: 'must be an IANA time zone such as Europe/Vienna' })
  }
  checkCoordinate(field_errors, '/latitude', input.latitude ?? null, 90)
  checkCoordinate(field_errors, '/longitude', input.longitude ?? null, 180)
  if (field_errors.length === 0 && ((input.latitude ?? null) === null) !== ((input.longitude ?? null) === null)) {
    field_errors.push({ pointer: '/latitude', detail: 'comes together with longitude, or not at all' })
  }
  return field_errors
}

function checkCoordinate(field_errors: FieldError[], pointer: string, value: number | null, bound: number): void {
  if (value !== null && Math.abs(value) > bound) {
    field_errors.push({ pointer, detail: `must lie between -${bound} and ${bound} degrees` })
  }
}
