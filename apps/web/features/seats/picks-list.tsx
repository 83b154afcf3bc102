'use client'
import { type Geometry, seatName } from '@tessera/contracts/seat-map/geometry'
import { X } from 'lucide-react'
import type { Tier } from '../../api/bodies.ts'
import { priceOrFree } from '../../ui/money.ts'
import { notesOf } from '../seat-map/seat-facts.ts'
import { type Picked, tiersOfSeat } from './selection.ts'

type Props = {
  geometry: Geometry
  tiers: readonly Tier[]
  colours: ReadonlyMap<string, string>
  picks: readonly Picked[]
  onRetier: (seat: number, tier_id: string) => void
  onDrop: (seat: number) => void
}

/** The seats picked so far, each with its tariff where there are several, its price, and a way to put it back. */
export function PicksList({ geometry, tiers, colours, picks, onRetier, onDrop }: Props) {
  return (
    <ul>
      {picks.map(({ seat, tier_id }) => {
        const name = seatName(geometry, seat)
        const offered = tiersOfSeat(geometry, tiers, seat)
        const tier = offered.find((one) => one.id === tier_id)
        const notes = notesOf(geometry, seat).join(', ')
        return (
          <li
            key={seat}
            className="rise grid grid-cols-[12px_minmax(0,1fr)_auto_auto] items-center gap-3 border-t border-line py-3"
          >
            <i
              aria-hidden="true"
              className="swatch size-3 rounded-[4px]"
              style={{ background: colours.get(tier_id) }}
            />
            <div className="min-w-0">
              <b dir="auto" className="block">
                {name}
              </b>
              {notes && <div className="text-14 text-warn">{notes.charAt(0).toUpperCase() + notes.slice(1)}</div>}
              {offered.length > 1 ? (
                <select
                  aria-label={`Tariff for ${name}`}
                  value={tier_id}
                  onChange={(event) => onRetier(seat, event.target.value)}
                  className="-ml-1 block min-h-8 max-w-full rounded-sm bg-transparent pr-2 text-14 text-ink-2"
                >
                  {offered.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.id === tier_id ? one.name : `${one.name} · ${priceOrFree(one.price)}`}
                    </option>
                  ))}
                </select>
              ) : (
                <div dir="auto" className="text-14 text-ink-2">
                  {tier?.name}
                </div>
              )}
            </div>
            <span className="num">{tier && priceOrFree(tier.price)}</span>
            <button
              type="button"
              aria-label={`Put back ${name}`}
              onClick={() => onDrop(seat)}
              className="-mr-3 grid size-11 place-items-center text-ink-2 hover:text-ink"
            >
              <X size={18} aria-hidden="true" />
            </button>
          </li>
        )
      })}
    </ul>
  )
}
