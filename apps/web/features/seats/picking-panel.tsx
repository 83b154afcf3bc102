'use client'
import { ChevronUp } from 'lucide-react'
import { type Ref, useEffect, useId, useRef, useState } from 'react'
import type { PerformanceDetail, Tier, TierAvailability } from '../../api/bodies.ts'
import { lazyPiece } from '../../ui/lazy-piece.tsx'
import { priceOrFree } from '../../ui/money.ts'
import { Stepper } from '../../ui/stepper.tsx'
import type { LegendEntry } from './legend.ts'
import { LiveHolds } from './live-holds.tsx'
import { PlacesPicker } from './places-picker.tsx'
import type { SeatMapData } from './seat-map-data.ts'
import { belowMinimum, totalOf } from './selection.ts'
import { SignInFirst } from './sign-in-first.tsx'
import type { usePicking } from './use-picking.ts'

/** Comes with the first choice. */
const PicksList = lazyPiece(async () => (await import('./picks-list.tsx')).PicksList)
const PickingMessage = lazyPiece(async () => (await import('./picking-message.tsx')).PickingMessage)

const PARTY_MAX = 10

type Props = {
  performance: PerformanceDetail
  availability: readonly TierAvailability[]
  map: SeatMapData
  colours: ReadonlyMap<string, string>
  picking: ReturnType<typeof usePicking>
  /** What "find for me" may choose from: the seat categories that the price filter leaves in colour. */
  among: readonly LegendEntry[]
  /** Signed in: the tickets will be in the account. */
  member: boolean
  rendered_at: number
}

/** What has been chosen and what it costs: beside the map, or a sheet under it that opens upwards on phones. */
export function PickingPanel({ performance, availability, map, colours, picking, among, member, rendered_at }: Props) {
  const { picks, places, message } = picking
  const [open, setOpen] = useState(false)
  const { tiers } = performance
  const standing = tiers.filter((tier) => tier.categories === null)
  const count = picks.length + [...places.values()].reduce((sum, one) => sum + one, 0)
  const head = useRef<HTMLHeadingElement>(null)
  const has_some = count > 0
  // What found the seats is gone with the first of them, and with it the focus.
  useEffect(() => {
    if (has_some && document.activeElement === document.body) head.current?.focus({ preventScroll: true })
  }, [has_some])
  return (
    <aside
      aria-label="Your choice"
      className="flex max-h-[60dvh] min-w-0 flex-none short:max-h-none flex-col gap-4 border-line bg-surface px-5 pt-3 pb-[max(20px,env(safe-area-inset-bottom))] max-[900px]:border-t min-[900px]:max-h-none min-[900px]:min-h-0 min-[900px]:border-l min-[900px]:p-7"
    >
      <PanelHead head={head} count={count} open={open} onOpen={setOpen} />
      <div
        className={`min-h-0 overflow-x-hidden overflow-y-auto min-[900px]:flex-1 ${open || count === 0 ? '' : 'max-[900px]:hidden'}`}
      >
        {picks.length > 0 && (
          <PicksList
            geometry={map.geometry}
            tiers={tiers}
            colours={colours}
            picks={picks}
            onRetier={picking.changeTier}
            onDrop={picking.toggleSeat}
          />
        )}
        {standing.length > 0 && (
          <PlacesPicker
            tiers={standing}
            counts={new Map(availability.map((tier) => [tier.tier_id, tier]))}
            chosen={places}
            time_zone={performance.event.venue.time_zone}
            now_ms={rendered_at}
            onChange={picking.changePlaces}
          />
        )}
        {count === 0 && (
          <div className="flex flex-col gap-3">
            <FindForMe among={among} onFind={picking.find} />
            {!member && <SignInFirst performance_id={performance.id} />}
          </div>
        )}
      </div>
      <LiveHolds rendered_at={rendered_at} />
      {message && <PickingMessage message={message} geometry={map.geometry} onTake={picking.take} />}
      {count > 0 && <Total picking={picking} tiers={tiers} />}
    </aside>
  )
}

type TotalProps = { picking: ReturnType<typeof usePicking>; tiers: readonly Tier[] }

/** What the choice costs, and the way on: none while fewer are picked of a tier than its smallest order takes. */
function Total({ picking: { picks, places, holding, hold }, tiers }: TotalProps) {
  const total = totalOf(picks, places, tiers)
  const short = belowMinimum(picks, tiers)
  return (
    <div>
      <div className="flex items-baseline justify-between gap-4">
        <span className="text-14 text-ink-2">Fees and tax included</span>
        <b className="display num text-[22px] min-[900px]:text-28">{total && priceOrFree(total)}</b>
      </div>
      <button type="button" className="btn mt-3 w-full" disabled={holding || short !== null} onClick={hold}>
        {holding ? 'Holding them for you …' : short ? `${short.tier.name}: ${short.more} more to begin` : 'Continue'}
      </button>
    </div>
  )
}

type PanelHeadProps = {
  head: Ref<HTMLHeadingElement>
  count: number
  open: boolean
  onOpen: (open: boolean) => void
}

/** How many tickets, and on phones the way to open the sheet. */
function PanelHead({ head, count, open, onOpen }: PanelHeadProps) {
  return (
    <div className="flex items-center justify-between gap-4">
      <h2 ref={head} tabIndex={-1} className="text-20" aria-live="polite">
        {count === 0 ? 'Choose your seats' : count === 1 ? '1 ticket' : `${count} tickets`}
      </h2>
      {count > 0 && (
        <button
          type="button"
          className="-mr-2 inline-flex min-h-11 items-center gap-1 px-2 text-14 min-[900px]:hidden"
          aria-expanded={open}
          onClick={() => onOpen(!open)}
        >
          {open ? 'Less' : 'Details'} <ChevronUp size={16} aria-hidden="true" className={open ? 'rotate-180' : ''} />
        </button>
      )}
    </div>
  )
}

type FindForMeProps = { among: readonly LegendEntry[]; onFind: (party: number, tier_ids: readonly string[]) => void }

/** How many people, up to which price each, and the best seats for them. */
function FindForMe({ among, onFind }: FindForMeProps) {
  const [party, setParty] = useState(2)
  const [budget, setBudget] = useState<number>()
  const id = useId()
  // The dearest first; the price filter may have taken the chosen one away.
  const prices = [...new Map(among.map((entry) => [entry.amount, entry.price]))]
  const limit = prices.find(([amount]) => amount === budget)?.[0]
  const affordable = among.filter((entry) => limit === undefined || entry.amount <= limit)
  const find = () =>
    onFind(
      party,
      affordable.flatMap((entry) => entry.tier_ids),
    )
  return (
    <>
      <p className="text-14 text-ink-2 max-[900px]:hidden">
        Touch a free seat, or let us find the best ones that are together.
      </p>
      <div className="flex items-center gap-3">
        <Stepper label="people" value={party} min={1} max={PARTY_MAX} onChange={setParty} />
        <button type="button" className="btn quiet min-w-0 flex-1 !px-3" onClick={find}>
          {party === 1 ? 'Find the best seat' : `Find ${party} together`}
        </button>
      </div>
      {prices.length > 1 && (
        <div className="flex items-center justify-between gap-3 text-14">
          <label htmlFor={id}>Up to, each</label>
          <select
            id={id}
            value={limit ?? ''}
            onChange={(event) => setBudget(event.target.value === '' ? undefined : Number(event.target.value))}
            className="num min-h-11 min-w-0 rounded-md border border-ink-3 bg-surface px-3"
          >
            <option value="">Any price</option>
            {prices.slice(1).map(([amount, price]) => (
              <option key={amount} value={amount}>
                {price}
              </option>
            ))}
          </select>
        </div>
      )}
    </>
  )
}
