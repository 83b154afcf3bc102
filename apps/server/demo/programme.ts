import type { TesseraChart } from '@tessera/contracts/seat-map/chart'
import { arenaChart } from './arena-chart.ts'
import { theatreChart } from './theatre-chart.ts'

/** A venue of the demo; without a chart it is a standing room. */
export type DemoVenue = {
  key: string
  name: string
  address: string
  city: string
  country: string
  latitude: number
  longitude: number
  time_zone: string
  chart: (() => TesseraChart) | null
}

/** `sold`: the share of the tickets that is bought while the demo loads. */
export type DemoTier = { name: string; price: number; categories?: string[]; quantity?: number; max_per_order?: number }
export type DemoEvent = {
  title: string
  genre: string
  venue: string
  currency: string
  description: string
  /** Days from now and local hour, one a performance. */
  nights: { in_days: number; hour: number }[]
  minutes: number
  tiers: DemoTier[]
  /** Minutes until the sale opens; absent = open already. */
  opens_in_minutes?: number
  sold?: number
  /** Belongs to the second organizer. */
  second?: true
}

export const DEMO_VENUES: readonly DemoVenue[] = [
  {
    key: 'opera',
    name: 'Old Opera House',
    address: '14 Lamington Road',
    city: 'Mumbai',
    country: 'IN',
    latitude: 18.9557,
    longitude: 72.8153,
    time_zone: 'Asia/Kolkata',
    chart: theatreChart,
  },
  {
    key: 'kammer',
    name: 'Kammerhaus',
    address: 'Linienstraße 40',
    city: 'Berlin',
    country: 'DE',
    latitude: 52.5273,
    longitude: 13.4023,
    time_zone: 'Europe/Berlin',
    chart: theatreChart,
  },
  {
    key: 'arena',
    name: 'Harbour Arena',
    address: '1 Quayside',
    city: 'Sydney',
    country: 'AU',
    latitude: -33.8716,
    longitude: 151.1996,
    time_zone: 'Australia/Sydney',
    chart: arenaChart,
  },
  {
    key: 'rotunda',
    name: 'Rotunda',
    address: '200 Lake Shore Drive',
    city: 'Chicago',
    country: 'US',
    latitude: 41.8853,
    longitude: -87.6159,
    time_zone: 'America/Chicago',
    chart: arenaChart,
  },
  {
    key: 'verriere',
    name: 'La Verrière',
    address: '8 rue des Tisserands',
    city: 'Paris',
    country: 'FR',
    latitude: 48.8647,
    longitude: 2.379,
    time_zone: 'Europe/Paris',
    chart: null,
  },
  {
    key: 'zaal',
    name: 'De Zaal',
    address: 'Keizersgracht 300',
    city: 'Amsterdam',
    country: 'NL',
    latitude: 52.3702,
    longitude: 4.8836,
    time_zone: 'Europe/Amsterdam',
    chart: null,
  },
  {
    key: 'maly',
    name: 'Teatr Mały',
    address: 'ulica Gołębia 9',
    city: 'Kraków',
    country: 'PL',
    latitude: 50.0612,
    longitude: 19.9336,
    time_zone: 'Europe/Warsaw',
    chart: theatreChart,
  },
]

const theatre = (royal: number, stalls: number, circle: number, balcony: number): DemoTier[] => [
  { name: 'Stalls', price: stalls, categories: ['Stalls'] },
  { name: 'Stalls, under 26', price: Math.round(stalls * 0.6), categories: ['Stalls'] },
  { name: 'Dress circle', price: circle, categories: ['Dress circle'] },
  { name: 'Balcony', price: balcony, categories: ['Balcony'] },
  { name: 'Royal box', price: royal, categories: ['Royal box'] },
]

const arena = (floor: number, lower: number, upper: number): DemoTier[] => [
  { name: 'Floor', price: floor, categories: ['Floor'] },
  { name: 'Lower tier', price: lower, categories: ['Lower tier', 'Lower tier, side'] },
  { name: 'Upper tier', price: upper, categories: ['Upper tier', 'Upper tier, side'] },
]

export const DEMO_EVENTS: readonly DemoEvent[] = [
  {
    title: 'Monsoon Ragas',
    genre: 'classical',
    venue: 'opera',
    currency: 'INR',
    nights: [{ in_days: 8, hour: 18 }],
    minutes: 150,
    tiers: theatre(640_000, 380_000, 240_000, 120_000),
    sold: 0.25,
    description:
      'Sitar, sarangi and the first rain. An evening of ragas for the season, played without amplification in the hall they were written for.',
  },
  {
    title: 'Orbital Choir',
    genre: 'music',
    venue: 'rotunda',
    currency: 'USD',
    nights: [{ in_days: 30, hour: 20 }],
    minutes: 120,
    tiers: arena(14_500, 9_800, 5_900),
    opens_in_minutes: 90,
    description:
      'Two hundred voices in the round, one breath. The choir that sold out a stadium with a whisper comes to the lake for a single night.',
  },
  {
    title: 'The Seagull',
    genre: 'theatre',
    venue: 'maly',
    currency: 'PLN',
    nights: [
      { in_days: 6, hour: 19 },
      { in_days: 7, hour: 19 },
      { in_days: 8, hour: 15 },
    ],
    minutes: 165,
    tiers: theatre(24_000, 16_000, 12_000, 9_000),
    sold: 0.12,
    description: 'Chekhov by the water, in a new Polish translation. With surtitles in English.',
  },
  {
    title: 'Lights Over Water',
    genre: 'dance',
    venue: 'arena',
    currency: 'AUD',
    nights: [{ in_days: 12, hour: 19 }],
    minutes: 110,
    tiers: arena(16_500, 11_000, 6_500),
    sold: 0.02,
    description: 'Forty dancers, a flooded stage and the harbour behind it. Bring a coat for the first rows.',
  },
  {
    title: 'Kaisa Lund: Day, Night',
    genre: 'music',
    venue: 'kammer',
    currency: 'EUR',
    nights: [{ in_days: 5, hour: 20 }],
    minutes: 120,
    tiers: theatre(9_800, 6_800, 5_400, 4_800),
    sold: 0.93,
    description: 'A piano, a tape machine and eleven songs about the hours. The Berlin night of the tour.',
  },
  {
    title: 'Femi & the Tides',
    genre: 'jazz',
    venue: 'verriere',
    currency: 'EUR',
    nights: [{ in_days: 10, hour: 21 }],
    minutes: 140,
    tiers: [
      { name: 'Standing', price: 3_200, quantity: 900 },
      { name: 'Standing, early entry', price: 4_400, quantity: 80 },
    ],
    sold: 0.1,
    description: 'Afrobeat under the glass roof. Doors an hour before; the band plays until the last train.',
  },
  {
    title: 'Late Show: Ada Bright',
    genre: 'comedy',
    venue: 'zaal',
    currency: 'EUR',
    nights: [{ in_days: 3, hour: 22 }],
    minutes: 75,
    tiers: [{ name: 'Seated at tables', price: 2_200, quantity: 120, max_per_order: 8 }],
    sold: 0.9,
    description: 'New jokes, read from her hand. Nothing filmed, nothing repeated.',
  },
  {
    title: 'Small Machines',
    genre: 'film',
    venue: 'kammer',
    currency: 'EUR',
    nights: [
      { in_days: 15, hour: 20 },
      { in_days: 16, hour: 20 },
    ],
    minutes: 105,
    tiers: theatre(2_400, 1_600, 1_400, 1_200),
    description: 'A silent film about clockmakers, with its score played live by a quartet of typewriters and strings.',
  },
  {
    title: 'Winter Quartets',
    genre: 'classical',
    venue: 'maly',
    currency: 'PLN',
    nights: [{ in_days: 21, hour: 18 }],
    minutes: 95,
    tiers: theatre(18_000, 12_000, 9_000, 6_000),
    description: 'Four string quartets for the shortest days of the year, by candlelight.',
  },
  {
    title: 'Derby: Reds v. Blues',
    genre: 'sport',
    venue: 'arena',
    currency: 'AUD',
    nights: [{ in_days: 18, hour: 19 }],
    minutes: 120,
    tiers: arena(8_500, 6_500, 3_900),
    second: true,
    description: 'The oldest match of the harbour. Reds enter from the north stairs, Blues from the south.',
  },
  {
    title: 'Glass Harbour',
    genre: 'dance',
    venue: 'opera',
    currency: 'INR',
    nights: [{ in_days: 25, hour: 19 }],
    minutes: 90,
    tiers: theatre(420_000, 260_000, 180_000, 90_000),
    description: 'Kathak and contemporary dance meet on a floor of mirrors.',
  },
  {
    title: 'Midnight Cartographers',
    genre: 'music',
    venue: 'verriere',
    currency: 'EUR',
    nights: [{ in_days: 34, hour: 22 }],
    minutes: 120,
    tiers: [{ name: 'Standing', price: 2_800, quantity: 900 }],
    second: true,
    description: 'Synthesizers, maps and a very long sunrise.',
  },
]
