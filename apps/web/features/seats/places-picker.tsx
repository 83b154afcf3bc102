'use client'
import type { Tier } from '../../api/bodies.ts'
import { priceOrFree } from '../../ui/money.ts'
import { Stepper } from '../../ui/stepper.tsx'
import { availabilityText, quantitiesOf } from '../event/availability.ts'

type Counts = { total: number; sold: number; held: number; available: number }
type Props = {
  tiers: readonly Tier[]
  counts: ReadonlyMap<string, Counts>
  chosen: ReadonlyMap<string, number>
  time_zone: string
  now_ms: number
  onChange: (tier_id: string, quantity: number) => void
}

/** Tickets without seats: how many of each, within the tier's limits per order and what is left. */
export function PlacesPicker({ tiers, counts, chosen, time_zone, now_ms, onChange }: Props) {
  return (
    <ul className="border-b border-line">
      {tiers.map((tier) => {
        const left = counts.get(tier.id)
        const { words } = availabilityText(tier, left, time_zone, now_ms)
        const range = quantitiesOf(tier, left, now_ms)
        const quantity = chosen.get(tier.id) ?? 0
        return (
          <li key={tier.id} className="flex items-center justify-between gap-4 border-t border-line py-4">
            <div className="min-w-0">
              <b dir="auto" className="block">
                {tier.name}
              </b>
              <div className="num text-14 text-ink-2">
                {priceOrFree(tier.price)}
                {words && ` · ${words}`}
              </div>
              {range && range.min > 1 && <div className="text-14 text-ink-2">An order begins at {range.min}.</div>}
              {quantity > 0 && quantity === tier.max_per_order && (
                <div className="text-14 text-ink-2">That is the most for one order.</div>
              )}
            </div>
            {range || quantity > 0 ? (
              <Stepper
                label={tier.name}
                value={quantity}
                begins_at={tier.min_per_order}
                max={Math.max(range?.max ?? 0, quantity)}
                onChange={(value) => onChange(tier.id, value)}
              />
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
