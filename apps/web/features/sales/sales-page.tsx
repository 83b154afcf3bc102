'use client'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import type { Event, EventSales } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { joinLabels } from '../../ui/join-labels.ts'
import { priceOrFree, priceText } from '../../ui/money.ts'
import { useNow } from '../../ui/use-now.ts'
import { dayKey, shortWhen, timeOf } from '../../ui/when.ts'
import { figuresOf } from './figures.ts'
import { SalesMap } from './sales-map.tsx'
import { useLiveSales } from './use-live-sales.ts'

type Shown = Pick<Event, 'id' | 'title' | 'currency'> & {
  time_zone: string
  geometry_urls: Record<string, string | null>
}
type Props = { event: Shown; first: EventSales; rendered_at: number }

/** An event's sales, live: four figures, every price, who just bought, and the seats. */
export function SalesPage({ event, first, rendered_at }: Props) {
  const { sales, live } = useLiveSales(event.id, first)
  const [chosen_id, setChosen] = useState(sales.performances[0]?.performance_id)
  const chosen = sales.performances.find((one) => one.performance_id === chosen_id) ?? sales.performances[0]
  const figures = figuresOf(sales, event.currency)
  const geometry_url = chosen && event.geometry_urls[chosen.performance_id]
  return (
    <>
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <nav aria-label="Path" className="text-14 text-ink-2">
            <Link className="link" href={paths.organizer()}>
              Events
            </Link>{' '}
            / <bdi>{event.title}</bdi>
          </nav>
          <h1 className="mt-1 text-28">Sales</h1>
        </div>
        <span className="chip flex-none" role="status">
          <i aria-hidden="true" className={`size-2 rounded-full ${live ? 'bg-good' : 'bg-ink-3'}`} />
          {live ? 'Live' : 'Connecting'}
        </span>
      </div>
      <dl className="mt-3 grid grid-cols-2 gap-x-8 border-b border-line lg:grid-cols-4">
        <Figure name="revenue">{priceText(figures.revenue)}</Figure>
        <Figure name={`of ${figures.total.toLocaleString('en')} sold`}>{figures.sold.toLocaleString('en')}</Figure>
        <Figure name="on hold">{figures.held.toLocaleString('en')}</Figure>
        <Figure name="of capacity">{percentText(figures.share)}</Figure>
      </dl>
      {sales.performances.length > 1 && (
        <div className="scroll-x mt-5" role="group" aria-label="Dates">
          {sales.performances.map((one) => (
            <button
              key={one.performance_id}
              type="button"
              className="chip num"
              aria-pressed={one === chosen}
              onClick={() => setChosen(one.performance_id)}
            >
              {shortWhen(one.start_time, event.time_zone, rendered_at)}
            </button>
          ))}
        </div>
      )}
      <div className="mt-7 grid grid-cols-[minmax(0,1fr)] gap-10 xl:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <div className="min-w-0">
          {chosen && <TierTable performance={chosen} />}
          <RecentBookings sales={sales} time_zone={event.time_zone} rendered_at={rendered_at} />
        </div>
        {chosen && geometry_url && (
          <section aria-labelledby="seats">
            <h2 id="seats" className="mb-3.5 text-20">
              Seats
            </h2>
            <SalesMap
              key={chosen.performance_id}
              performance_id={chosen.performance_id}
              geometry_url={geometry_url}
              words={`${chosen.sold} of ${chosen.total} sold, ${chosen.held} on hold`}
            />
          </section>
        )}
      </div>
    </>
  )
}

/** Whole percents, and one decimal while there are few. */
function percentText(share: number): string {
  return `${(share * 100).toLocaleString('en', { maximumFractionDigits: share < 0.1 ? 1 : 0 })} %`
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse py-5">
      <dt className="text-14 text-ink-2">{name}</dt>
      <dd className="display num text-28 lg:text-40">{children}</dd>
    </div>
  )
}

function TierTable({ performance }: { performance: EventSales['performances'][number] }) {
  return (
    <section aria-labelledby="tiers">
      <h2 id="tiers" className="mb-1.5 text-20">
        Prices
      </h2>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by the keyboard */}
      <div className="table-frame" tabIndex={0} role="group" aria-labelledby="tiers">
        <table className="table num">
          <thead>
            <tr>
              <th scope="col">Price</th>
              <th scope="col" className="end">
                Sold
              </th>
              <th scope="col" className="end">
                On hold
              </th>
              <th scope="col" className="end max-md:!hidden">
                Blocked
              </th>
              <th scope="col" className="end">
                Revenue
              </th>
            </tr>
          </thead>
          <tbody>
            {performance.tiers.map((tier) => (
              <tr key={tier.tier_id}>
                <th scope="row">
                  <bdi>{tier.name}</bdi> <span className="font-normal text-ink-2">{priceOrFree(tier.price)}</span>
                </th>
                <td className="end whitespace-nowrap">
                  {tier.sold} <span className="text-ink-2">of {tier.total}</span>
                </td>
                <td className="end">{tier.held}</td>
                <td className="end max-md:!hidden">{tier.blocked}</td>
                <td className="end">{priceText(tier.revenue)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

type RecentProps = { sales: EventSales; time_zone: string; rendered_at: number }

function RecentBookings({ sales, time_zone, rendered_at }: RecentProps) {
  const today = dayKey(useNow(rendered_at), time_zone)
  return (
    <section aria-labelledby="recent" className="mt-8">
      <h2 id="recent" className="mb-1.5 text-20">
        Latest orders
      </h2>
      {sales.recent_bookings.length === 0 ? (
        <p className="border-t border-line py-6 text-ink-2">The first order appears here the moment it is paid.</p>
      ) : (
        <table className="table num">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Places</th>
              <th scope="col" className="end">
                Paid
              </th>
            </tr>
          </thead>
          <tbody>
            {sales.recent_bookings.map((booking) => (
              <tr key={booking.booking_id}>
                <td className="whitespace-nowrap">
                  <time dateTime={booking.confirmed_at}>
                    {dayKey(booking.confirmed_at, time_zone) === today
                      ? timeOf(booking.confirmed_at, time_zone, { seconds: true })
                      : shortWhen(booking.confirmed_at, time_zone, rendered_at)}
                  </time>
                </td>
                <td>
                  <Link className="link" href={paths.order(booking.booking_id)}>
                    {booking.labels.length > 0 ? joinLabels(booking.labels) : `${booking.places} places`}
                  </Link>
                </td>
                <td className="end">{priceOrFree(booking.total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
