import { Poster } from '../poster/poster.tsx'
import { placeParts } from './place-parts.ts'

type Props = {
  title: string
  genre: string
  when: string
  doors: string | null
  where: string
  label: string
  tier: string
  holder: string | null
  qr: string
  /** To be typed at the door when the square cannot be read. */
  short_code: string | null
  count: string
  status: string
}

/** A ticket as something to hold up: what, when, where, the place in large type, and the code. */
export function TicketCard({
  title,
  genre,
  when,
  doors,
  where,
  label,
  tier,
  holder,
  qr,
  short_code,
  count,
  status,
}: Props) {
  const parts = placeParts(label)
  const usable = status === 'active'
  return (
    <article
      aria-label={`Ticket ${count}, ${label}`}
      className="w-full max-w-[420px] overflow-hidden rounded-xl border border-line bg-surface"
    >
      <div className="h-[170px]">
        <Poster title={title} genre={genre} ratio={420 / 170} />
      </div>
      <div className="p-6">
        <h2>{title}</h2>
        <p className="num mt-1.5 text-ink-2">
          {when}
          {doors && ` · doors ${doors}`}
        </p>
        <p className="text-ink-2">{where}</p>
        <dl className={`mt-5 grid gap-4 ${parts.length === 3 ? 'grid-cols-[1.6fr_1fr_1fr]' : ''}`}>
          {parts.map(({ name, value }) => (
            <div key={name}>
              <dt className="text-12 text-ink-2">{name}</dt>
              <dd className={`display ${value.length > 12 ? 'text-20' : 'text-28'}`}>{value}</dd>
            </div>
          ))}
        </dl>
        {!label.includes(tier) && <p className="mt-3 text-14 text-ink-2">{tier}</p>}
      </div>
      <div className="relative flex flex-col items-center gap-3.5 border-t-2 border-dashed border-line p-7 before:absolute before:-top-[13px] before:-left-3.5 before:size-6 before:rounded-full before:border before:border-line before:bg-paper after:absolute after:-top-[13px] after:-right-3.5 after:size-6 after:rounded-full after:border after:border-line after:bg-paper">
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
        <p className="num text-14 text-ink-2">
          {count}
          {holder && ` · ${holder}`}
        </p>
      </div>
    </article>
  )
}

const STATUS: Readonly<Record<string, string>> = {
  used: 'Used at the door',
  void: 'No longer valid',
  transferred: 'Passed on',
}
