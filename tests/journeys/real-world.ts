import { readdirSync, readFileSync } from 'node:fs'
import { hasReferenceData, referenceData } from '@tessera/contracts/reference-data.fixture'
import { Temporal } from 'temporal-polyfill'

/**
 * Files that nobody of us wrote: plans of real halls, calendars of real cities, the provider's own objects. They lie
 * beside the checkout, never in it.
 */
export const hasRealWorld = hasReferenceData()
export const PLANS = 'seating'

export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(referenceData(name), 'utf8')) as T
}

export function filesIn(folder: string, ending: string): string[] {
  if (!hasRealWorld) return []
  return readdirSync(referenceData(folder)).filter((name) => name.endsWith(ending))
}

/** schema.org's Event, as far as it is read here. */
type Listed = {
  name: string
  description?: string
  startDate: string
  endDate?: string | null
  superEvent?: string
  keywords?: string[]
  location: {
    name: string
    address: string | Address
    geo?: { latitude: number | string; longitude: number | string } | null
  }
  offers?: { price?: number | string | null; priceCurrency?: string | null }
  /** The wall clock at the door, where the calendar gives the day alone: "7:30PM". */
  'x-localTime'?: string
}
type Address = { streetAddress?: string; addressLocality?: string; addressCountry?: string | null }

export type RealVenue = {
  name: string
  address: string
  city: string
  country: string
  latitude: number | null
  longitude: number | null
  time_zone: string
}
export type RealEvent = {
  title: string
  description: string
  genre: string
  currency: string
  price: number
  venue: RealVenue
  times: { start_time: string; end_time: string; wall_clock: string | null }[]
}

const YEARS_AHEAD = 4
const HOURS_LONG = 2

/** A calendar's events with their venues; those of one `superEvent` are one event on several nights. Moved to the years to come. */
export function readCalendar(name: string): RealEvent[] {
  const listed = readFileSync(referenceData(`events/${name}`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Listed)
  const groups = Map.groupBy(listed, (one) => one.superEvent ?? one)
  return [...groups.values()].flatMap((nights) => {
    const [first] = nights
    return first === undefined ? [] : [realEvent(first, nights)]
  })
}

function realEvent(first: Listed, nights: readonly Listed[]): RealEvent {
  const venue = venueOf(first)
  return {
    title: first.name,
    description: first.description ?? '',
    genre: first.keywords?.[0] ?? 'Other',
    currency: first.offers?.priceCurrency ?? (venue.country === 'US' ? 'USD' : 'CAD'),
    price: Math.round(Number.parseFloat(String(first.offers?.price ?? 0)) * 100) || 0,
    venue,
    times: nights.map((night) => timesOf(night, venue.time_zone)),
  }
}

/** The same day and hour on the wall four years on: the weekday moves, the leap years fit. */
function timesOf(night: Listed, time_zone: string): RealEvent['times'][number] {
  const wall_clock = night['x-localTime'] === 'None' ? null : (night['x-localTime'] ?? null)
  const day = Temporal.Instant.from(night.startDate).toZonedDateTimeISO(time_zone)
  const start = (wall_clock === null ? day : day.withPlainTime(plainTime(wall_clock))).add({ years: YEARS_AHEAD })
  const end =
    night.endDate != null && night.endDate > night.startDate
      ? Temporal.Instant.from(night.endDate).toZonedDateTimeISO(time_zone).add({ years: YEARS_AHEAD })
      : start.add({ hours: HOURS_LONG })
  return { start_time: isoOf(start), end_time: isoOf(end), wall_clock }
}

function plainTime(text: string): Temporal.PlainTime {
  const [, hour = '0', minute = '0', half] = /^(\d+):(\d+)(AM|PM)$/.exec(text) ?? []
  return Temporal.PlainTime.from({ hour: (Number(hour) % 12) + (half === 'PM' ? 12 : 0), minute: Number(minute) })
}

function isoOf(moment: Temporal.ZonedDateTime): string {
  return new Date(moment.epochMilliseconds).toISOString()
}

function venueOf({ location }: Listed): RealVenue {
  const { name, geo } = location
  if (typeof location.address === 'string') {
    const [city = '', region = ''] = location.address.split(', ')
    const { country, time_zone } = REGIONS[region] ?? unknownRegion(location.address)
    return { name, address: '', city, country, latitude: null, longitude: null, time_zone }
  }
  const { streetAddress = '', addressLocality = '', addressCountry } = location.address
  const country = addressCountry ?? 'CA'
  const at = geo == null ? null : { latitude: Number(geo.latitude), longitude: Number(geo.longitude) }
  return {
    name,
    address: streetAddress,
    city: addressLocality,
    country,
    latitude: at?.latitude ?? null,
    longitude: at?.longitude ?? null,
    time_zone: at === null ? 'America/Toronto' : zoneAt(at, country),
  }
}

/** Where an orchestra of New York plays; its calendar names places as people do. */
const REGIONS: Readonly<Record<string, { country: string; time_zone: string }>> = {
  NY: { country: 'US', time_zone: 'America/New_York' },
  CO: { country: 'US', time_zone: 'America/Denver' },
  KOREA: { country: 'KR', time_zone: 'Asia/Seoul' },
  'South Korea': { country: 'KR', time_zone: 'Asia/Seoul' },
  CHINA: { country: 'CN', time_zone: 'Asia/Shanghai' },
}

function unknownRegion(address: string): never {
  throw new Error(`Nobody wrote down where ${address} is`)
}

type ZoneCity = { countries: string[]; lat: number; lon: number; tz: string }
let cities: ZoneCity[] = []

/** The zone of the nearest city of the time zone database in that country. */
function zoneAt({ latitude, longitude }: { latitude: number; longitude: number }, country: string): string {
  if (cities.length === 0) cities = readJson<ZoneCity[]>('venues/tz-cities.json')
  const distance = ({ lat, lon }: ZoneCity): number =>
    (lat - latitude) ** 2 + ((lon - longitude) * Math.cos((latitude * Math.PI) / 180)) ** 2
  const near = cities
    .filter((city) => city.countries.includes(country))
    .toSorted((one, other) => distance(one) - distance(other))
  return near[0]?.tz ?? 'UTC'
}
