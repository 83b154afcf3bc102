'use client'
import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import type { SeatState } from '@tessera/contracts/seat-map/seat-state'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { gridMove } from './grid-moves.ts'
import { type CategoryOffer, isOffered } from './offers.ts'
import { notesOf, seatFacts, seatSentence } from './seat-facts.ts'
import type { SeatMapProps } from './seat-map.tsx'
import type { SeatStateStore } from './seat-state-store.ts'

/** More rows come by a button: ten thousand buttons at once would hold up any phone. */
const ROWS_AT_ONCE = 40

/** The states as of a revision: they change in place, so the revision is what tells two readings apart. */
export type SeatReading = { revision: number; stateOf: (seat_id: string) => SeatState }

type Props = SeatMapProps & {
  section: number
  offers: readonly CategoryOffer[]
  reading: SeatReading
  mine: ReadonlySet<string>
}
type Row = { row: number; name: string; seats: number[] }

/** The rows of one section as a grid: one stop for Tab, arrows inside. */
export function SeatListSection(props: Props) {
  const { geometry, state, section, offers, reading, mine } = props
  const [kept, setKept] = useState<number | null>(null)
  const [limit, setLimit] = useState(ROWS_AT_ONCE)
  // The seat that has the focus stays until focus leaves it.
  const all = useMemo(
    () => rowsOf(geometry, section, offers, reading, mine, kept),
    [geometry, section, offers, reading, mine, kept],
  )
  const rows = all.slice(0, limit)
  const grid = useRef<HTMLDivElement>(null)
  const news = useSeatNews(geometry, state, section, mine)
  const start = kept ?? rows[0]?.seats[0]

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows.findIndex(({ seats }) => kept !== null && seats.includes(kept))
    const column = kept === null ? -1 : (rows[row]?.seats.indexOf(kept) ?? -1)
    if (row < 0 || event.altKey || event.metaKey) return
    const lengths = rows.map(({ seats }) => seats.length)
    const to = gridMove(lengths, { row, column }, event.key, event.ctrlKey)
    const seat = to === null ? undefined : rows[to.row]?.seats[to.column]
    if (seat === undefined) return
    event.preventDefault()
    grid.current?.querySelector<HTMLElement>(`[data-seat="${seat}"]`)?.focus()
  }
  const name = geometry.sections[section]?.name ?? ''
  return (
    <div className="pb-5">
      <div
        ref={grid}
        role="grid"
        tabIndex={-1}
        aria-label={name === '' ? 'Free seats' : `${name}, free seats`}
        aria-rowcount={all.length}
        onKeyDown={onKeyDown}
        onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setKept(null)}
      >
        {rows.map(({ row, name: rowName, seats }, n) => (
          <div key={row} role="row" aria-rowindex={n + 1} className="flex gap-3 py-1">
            <span role="rowheader" className="w-16 flex-none pt-3 text-14 text-ink-2 first-letter:uppercase">
              {rowName}
            </span>
            <span role="presentation" className="flex min-w-0 flex-1 flex-wrap gap-1">
              {seats.map((seat) => (
                <SeatCell
                  key={seat}
                  list={props}
                  seat={seat}
                  isTabStop={seat === start}
                  onFocus={() => setKept(seat)}
                />
              ))}
            </span>
          </div>
        ))}
      </div>
      {all.length > limit && (
        <button type="button" className="btn quiet small mt-3" onClick={() => setLimit(limit + ROWS_AT_ONCE)}>
          {all.length - limit} more rows
        </button>
      )}
      <p className="sr-only" aria-live="polite">
        {news}
      </p>
    </div>
  )
}

type CellProps = { list: Props; seat: number; isTabStop: boolean; onFocus: () => void }

/** One seat to press: its number, and in words all there is to say about it. */
function SeatCell({ list, seat, isTabStop, onFocus }: CellProps) {
  const { geometry, state, offers, mine, onToggle } = list
  const id = geometry.ids[seat] ?? ''
  const facts = seatFacts(geometry, offers, seat, state.stateOf(id), mine.has(id))
  const notes = notesOf(geometry, seat)
  const isMine = facts.availability === 'yours'
  const isGone = facts.availability !== 'free' && !isMine
  const color = offers[geometry.category[seat] ?? 0]?.color ?? 'currentColor'
  return (
    <span role="gridcell" aria-selected={isMine}>
      <button
        type="button"
        data-seat={seat}
        tabIndex={isTabStop ? 0 : -1}
        aria-label={seatSentence(facts)}
        aria-pressed={isMine}
        aria-disabled={isGone}
        title={[facts.price, ...notes].filter(Boolean).join(' · ')}
        onFocus={onFocus}
        onClick={() => isGone || onToggle(id)}
        className={seatClass(isMine, isGone)}
      >
        <i
          aria-hidden="true"
          className="absolute inset-x-2 top-1 h-0.75 rounded-full"
          style={{ background: isGone ? 'var(--line)' : color }}
        />
        {geometry.numbers[seat] || '•'}
        <SeatSign notes={notes} />
      </button>
    </span>
  )
}

function SeatSign({ notes }: { notes: string[] }) {
  if (notes.length === 0) return null
  return (
    <span aria-hidden="true" className="absolute right-0.5 bottom-0 text-12 leading-none">
      {notes.some((note) => note.includes('wheelchair')) ? '♿' : '*'}
    </span>
  )
}

function seatClass(isMine: boolean, isGone: boolean): string {
  const base = 'num relative grid h-11 min-w-11 place-items-center rounded-md border px-1.5 text-14'
  if (isMine) return `${base} border-ink bg-ink font-semibold text-paper`
  return isGone
    ? `${base} border-line border-dashed text-ink-2 line-through`
    : `${base} border-line bg-surface hover:border-ink-3`
}

function rowsOf(
  geometry: Geometry,
  section: number,
  offers: readonly CategoryOffer[],
  { stateOf }: SeatReading,
  mine: ReadonlySet<string>,
  kept: number | null,
): Row[] {
  return geometry.rows.flatMap((row, n) => {
    if (row.section !== section) return []
    const seats = Array.from({ length: row.count }, (_, at) => row.first + at).filter((seat) => {
      const id = geometry.ids[seat] ?? ''
      if (mine.has(id) || seat === kept) return true
      const offer = offers[geometry.category[seat] ?? 0]
      return offer !== undefined && isOffered(offer) && stateOf(id) === 'available'
    })
    return seats.length === 0 ? [] : [{ row: n, name: row.spoken, seats }]
  })
}

/** One sentence about what others just did in this section; many changes at once are only counted. */
function useSeatNews(geometry: Geometry, state: SeatStateStore, section: number, mine: ReadonlySet<string>): string {
  const [news, setNews] = useState('')
  // The stream is outside of React.
  useEffect(
    () =>
      state.onChange((changed) => {
        const here = (changed ?? []).filter(
          (seat) => geometry.section[seat] === section && !mine.has(geometry.ids[seat] ?? ''),
        )
        const [seat] = here
        if (seat === undefined) return
        const row = geometry.rows[geometry.row[seat] ?? 0]?.spoken ?? ''
        const isFree = state.stateOf(geometry.ids[seat] ?? '') === 'available'
        const one = `${row} seat ${geometry.numbers[seat] ?? ''} ${isFree ? 'is free again' : 'was just taken'}.`
        setNews(here.length === 1 ? one : `${here.length} seats changed here.`)
      }),
    [geometry, state, section, mine],
  )
  return news
}
