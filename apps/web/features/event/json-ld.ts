import { decimalText } from '@tessera/contracts/money'
import { tierSale } from '@tessera/contracts/pricing/sale-state'
import type { Event, Performance, TierAvailability } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'

type Around = { counts: readonly TierAvailability[]; origin: string; now_ms: number }

/**
 * schema.org markup of one performance of an event (https://schema.org/Event). Prices in units, not minor units. What cannot
 * be bought any more (its sale ended, the performance over or cancelled) is no offer.
 */
export function eventJsonLd(event: Event, performance: Performance, { counts, origin, now_ms }: Around): object {
  const { venue } = event
  return {
    '@context': 'https://schema.org',
    '@type': SCHEMA_TYPES[event.genre.toLowerCase()] ?? 'Event',
    name: event.title,
    description: event.description,
    startDate: performance.start_time,
    endDate: performance.end_time,
    ...(performance.doors_time && { doorTime: performance.doors_time }),
    eventStatus:
      performance.status === 'cancelled' ? 'https://schema.org/EventCancelled' : 'https://schema.org/EventScheduled',
    eventAttendanceMode: 'https://schema.org/OfflineEventAttendanceMode',
    url: `${origin}${paths.event(event.id)}`,
    image: [`${origin}${paths.eventImage(event.id)}`],
    location: {
      '@type': 'Place',
      name: venue.name,
      address: {
        '@type': 'PostalAddress',
        streetAddress: venue.address,
        addressLocality: venue.city,
        addressCountry: venue.country,
      },
      ...(venue.latitude !== null &&
        venue.longitude !== null && {
          geo: { '@type': 'GeoCoordinates', latitude: venue.latitude, longitude: venue.longitude },
        }),
    },
    offers: offersOf(performance, counts, now_ms).map(({ tier, availability }) => ({
      '@type': 'Offer',
      name: tier.name,
      price: decimalText(tier.price),
      priceCurrency: tier.price.currency,
      availability: `https://schema.org/${availability}`,
      validFrom: tier.sale_start,
      url: `${origin}${paths.event(event.id)}`,
    })),
  }
}

function offersOf({ status, end_time, tiers }: Performance, counts: Around['counts'], now_ms: number) {
  if (status !== 'published' || Date.parse(end_time) <= now_ms) return []
  return tiers.flatMap((tier) => {
    const left = counts.find((one) => one.tier_id === tier.id)
    const availability = AVAILABILITY[tierSale(tier, left, now_ms)]
    return availability === null ? [] : [{ tier, availability }]
  })
}

/** https://schema.org/ItemAvailability; null: no offer. Nothing else is said of what is on hold: it cannot be bought now. */
const AVAILABILITY = {
  open: 'InStock',
  not_yet: 'PreOrder',
  all_held: 'SoldOut',
  sold_out: 'SoldOut',
  ended: null,
} as const

const SCHEMA_TYPES: Readonly<Record<string, string>> = {
  music: 'MusicEvent',
  classical: 'MusicEvent',
  jazz: 'MusicEvent',
  theatre: 'TheaterEvent',
  comedy: 'ComedyEvent',
  dance: 'DanceEvent',
  film: 'ScreeningEvent',
  sport: 'SportsEvent',
}
