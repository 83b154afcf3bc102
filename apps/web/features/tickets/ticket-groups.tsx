import Link from 'next/link'
import type { Ticket } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { joinLabels } from '../../ui/join-labels.ts'
import { shortWhen, untilWhen } from '../../ui/when.ts'
import { Poster } from '../poster/poster.tsx'

/** One's tickets by evening: what lies ahead first, what has been below. */
export function TicketGroups({ tickets, now_ms }: { tickets: readonly Ticket[]; now_ms: number }) {
  const evenings = [...Map.groupBy(tickets, (ticket) => ticket.booking_id).values()]
  const starts = ([first]: Ticket[]) => Date.parse(first?.performance.start_time ?? '')
  const ends = ([first]: Ticket[]) => Date.parse(first?.performance.end_time ?? '')
  const valid = evenings.filter((one) => one.some(isValid))
  const ahead = valid.filter((one) => ends(one) > now_ms).sort((a, b) => starts(a) - starts(b))
  const been = valid.filter((one) => ends(one) <= now_ms).sort((a, b) => starts(b) - starts(a))
  const void_ones = evenings.filter((one) => !one.some(isValid)).sort((a, b) => starts(b) - starts(a))
  return (
    <>
      {ahead.length > 0 && <Group title="Coming up" evenings={ahead} now_ms={now_ms} />}
      {been.length > 0 && <Group title="Been there" evenings={been} now_ms={now_ms} past />}
      {void_ones.length > 0 && <Group title="Cancelled or passed on" evenings={void_ones} now_ms={now_ms} past />}
    </>
  )
}

type GroupProps = { title: string; evenings: Ticket[][]; now_ms: number; past?: boolean }

function Group({ title, evenings, now_ms, past = false }: GroupProps) {
  return (
    <section aria-label={title} className="mb-12">
      <h2 className="mb-4">{title}</h2>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-x-6 md:grid-cols-[repeat(2,minmax(0,1fr))]">
        {evenings.map((evening) => {
          const [first] = evening
          if (!first) return null
          const { performance } = first
          return (
            <li key={first.booking_id} className="group relative flex gap-4 border-t border-line py-5">
              <div
                className={`h-[110px] w-[88px] flex-none overflow-hidden rounded-md ${past ? 'opacity-60 grayscale' : ''}`}
              >
                <Poster title={performance.title} genre={performance.genre} />
              </div>
              <div className="min-w-0">
                <h3 dir="auto">
                  <Link
                    href={evening.length === 1 ? paths.ticket(first.id) : paths.order(first.booking_id)}
                    className="after:absolute after:inset-0 group-hover:underline group-hover:underline-offset-3"
                  >
                    {performance.title}
                  </Link>
                </h3>
                <p className="num mt-1 text-14 text-ink-2">
                  <time dateTime={performance.start_time}>
                    {shortWhen(performance.start_time, performance.venue.time_zone, now_ms)}
                    {untilWhen(performance, performance.venue.time_zone, now_ms)}
                  </time>
                </p>
                <p className="text-14 text-ink-2">
                  <bdi>{performance.venue.name}</bdi>, <bdi>{performance.venue.city}</bdi>
                </p>
                <p dir="auto" className="mt-1 text-14">
                  {placesOf(evening)}
                </p>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function isValid(ticket: Ticket): boolean {
  return ticket.status === 'active' || ticket.status === 'used'
}

function placesOf(evening: readonly Ticket[]): string {
  const usable = evening.filter(isValid).toSorted((a, b) => a.position - b.position)
  if (usable.length === 0) return 'No longer valid'
  const [first] = usable
  if (usable.length === 1) return first?.seat?.label ?? first?.tier.name ?? ''
  const labels = usable.map((ticket) => ticket.seat?.label ?? ticket.tier.name)
  return `${usable.length} tickets · ${joinLabels(labels)}`
}
