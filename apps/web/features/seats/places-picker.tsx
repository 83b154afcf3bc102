'use client'
import type { Tier } from '../../api/bodies.ts'
import { priceText } from '../../ui/money.ts'
import { Stepper } from '../../ui/stepper.tsx'
import { availabilityText } from '../event/availability.ts'

type Counts = { total: number; sold: number; held: number; available: number }
type Props = {
  tiers: readonly Tier[]
  counts: ReadonlyMap<string, Counts>
  chosen: ReadonlyMap<string, number>
  onChange: (tier_id: string, quantity: number) => void
}

/** Tickets without seats: how many of each. A tier's limit per order and what is left bound the number. */
export function PlacesPicker({ tiers, counts, chosen, onChange }: Props) {
  return (
    <ul className="border-b border-line">
      {tiers.map((tier) => {
        const left = counts.get(tier.id)
        const words = left && availabilityText(left)
        const max = Math.min(tier.max_per_order, left?.available ?? tier.max_per_order)
        const quantity = chosen.get(tier.id) ?? 0
        return (
          <li key={tier.id} className="flex items-center justify-between gap-4 border-t border-line py-4">
            <div className="min-w-0">
              <b dir="auto" className="block">
                {tier.name}
              </b>
              <div className="num text-14 text-ink-2">
                {tier.price.amount === 0 ? 'Free' : priceText(tier.price)}
                {words && ` · ${words.words}`}
              </div>
              {quantity > 0 && quantity === tier.max_per_order && (
                <div className="text-14 text-ink-2">That is the most for one order.</div>
              )}
            </div>
            {max > 0 || quantity > 0 ? (
              <Stepper
                label={tier.name}
                value={quantity}
                max={Math.max(max, quantity)}
                onChange={(value) => onChange(tier.id, value)}
              />
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
