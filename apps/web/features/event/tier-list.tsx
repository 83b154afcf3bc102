import type { Tier, TierAvailability } from '../../api/bodies.ts'
import { priceOrFree } from '../../ui/money.ts'
import { availabilityText, isBuyable } from './availability.ts'
import { categoryColours } from './category-colours.ts'

type Props = {
  tiers: readonly Tier[]
  availability: readonly TierAvailability[]
  time_zone: string
  now_ms: number
}

/**
 * What there is to buy, each with its colour on the seat map, its price with everything in it, and how much is left. What
 * cannot be bought says why; a price that never can be again is not shown.
 */
export function TierList({ tiers, availability, time_zone, now_ms }: Props) {
  const colours = categoryColours(tiers)
  return (
    <ul className="border-b border-line">
      {tiers.map((tier) => {
        const counts = availability.find((one) => one.tier_id === tier.id)
        const left = availabilityText(tier, counts, time_zone, now_ms)
        // A tier whose name names its categories has said already where it is.
        const said = tier.categories?.every((category) => tier.name.includes(category) || category.includes(tier.name))
        const area = said ? null : tier.categories?.join(', ')
        return (
          <li
            key={tier.id}
            className="grid grid-cols-[12px_minmax(0,1fr)_auto] items-center gap-3.5 border-t border-line py-4"
          >
            <i
              aria-hidden="true"
              className="swatch size-3 rounded-[4px]"
              style={{ background: colours.get(tier.id) }}
            />
            <div>
              <b dir="auto" className="block">
                {tier.name}
              </b>
              <div className="text-14 text-ink-2">
                {area && (
                  <>
                    <bdi>{area}</bdi> ·{' '}
                  </>
                )}
                <span className={left.state === 'scarce' ? 'text-accent' : ''}>{left.words}</span>
                {isBuyable(left) && tier.min_per_order > 1 && ` · from ${tier.min_per_order} an order`}
              </div>
            </div>
            {left.state !== 'ended' && (
              <span className={`num ${isBuyable(left) ? 'font-semibold' : 'text-ink-2'}`}>
                {priceOrFree(tier.price)}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
