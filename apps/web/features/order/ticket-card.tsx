import { Poster } from '../poster/poster.tsx'
import { placeParts } from './place-parts.ts'

type Props = {
  title: string
  genre: string
  when: string
  doors: string | null
  venue: string
  city: string
  label: string
  restricted_view: boolean
  tier: string
  holder: string | null
  qr: string
  /** To be typed at the door when the square cannot be read. */
  short_code: string | null
  count: string
  status: string
}

/** A ticket as something to hold up: what, when, where, the place in large type, and the code. */
export function TicketCard(ticket: Props) {
  const { title, genre, label, count } = ticket
  return (
    <article
      aria-label={`Ticket ${count}, ${label}`}
      className="w-full max-w-[420px] min-w-0 overflow-hidden rounded-xl border border-line bg-surface"
    >
      <div className="h-16 md:h-[170px]">
        <Poster title={title} genre={genre} ratio={420 / 170} />
      </div>
      <Facts {...ticket} />
      <Stub {...ticket} />
    </article>
  )
}

function Facts({ title, when, doors, venue, city, label, restricted_view, tier }: Props) {
  const parts = placeParts(label)
  const columns =
    parts.length === 3 ? 'grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)_minmax(0,1fr)]' : 'grid-cols-[minmax(0,1fr)]'
  return (
    <div className="px-5 pt-4 pb-5 md:p-6">
      <h2 dir="auto" className="text-[24px] md:text-28">
        {title}
      </h2>
      <p className="num mt-1.5 text-ink-2">
        {when}
        {doors && ` · doors ${doors}`}
      </p>
      <p className="text-ink-2">
        <bdi>{venue}</bdi>, <bdi>{city}</bdi>
      </p>
      <dl className={`mt-3 grid gap-4 md:mt-5 ${columns}`}>
        {parts.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-12 text-ink-2">{name}</dt>
            <dd dir="auto" className={`display ${value.length > 12 ? 'text-20' : 'text-28'}`}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {restricted_view && <p className="mt-3 text-14 text-warn">Restricted view</p>}
      {!label.includes(tier) && (
        <p dir="auto" className="mt-3 text-14 text-ink-2">
          {tier}
        </p>
      )}
    </div>
  )
}

function Stub({ qr, short_code, count, holder, status }: Props) {
  const usable = status === 'active'
  return (
    <div className="relative flex flex-col items-center gap-2.5 border-t-2 border-dashed border-line p-5 md:gap-3.5 md:p-7 before:absolute before:-top-[13px] before:-left-3.5 before:size-6 before:rounded-full before:border before:border-line before:bg-paper after:absolute after:-top-[13px] after:-right-3.5 after:size-6 after:rounded-full after:border after:border-line after:bg-paper">
      {usable ? (
        <img
          src={qr}
          alt={`The code of ticket ${count}, to be scanned at the door`}
          width={220}
          height={220}
          className="rounded-md bg-white p-2.5"
        />
      ) : (
        <p className="display py-16 text-28 text-ink-2">{STATUS[status] ?? 'Not valid'}</p>
      )}
      {usable && short_code && <p className="num text-20 font-semibold tracking-wide">{short_code}</p>}
      <p className="num max-w-full text-center text-14 text-ink-2">
        {count}
        {holder && (
          <>
            {' '}
            · <bdi>{holder}</bdi>
          </>
        )}
      </p>
    </div>
  )
}

const STATUS: Readonly<Record<string, string>> = {
  used: 'Used at the door',
  void: 'No longer valid',
  transferred: 'Passed on',
}
