import { decimalText } from '@tessera/contracts/money'
import type { Event, Performance } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'

/** schema.org markup of one performance of an event (https://schema.org/Event). Prices in units, not minor units. */
export function eventJsonLd(event: Event, performance: Performance, origin: string): object {
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
      event.status === 'cancelled' ? 'https://schema.org/EventCancelled' : 'https://schema.org/EventScheduled',
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
    offers: performance.tiers.map((tier) => ({
      '@type': 'Offer',
      name: tier.name,
      price: decimalText(tier.price),
      priceCurrency: tier.price.currency,
      validFrom: tier.sale_start,
      url: `${origin}${paths.event(event.id)}`,
    })),
  }
}

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
