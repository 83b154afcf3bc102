import type { Tier, TierAvailability } from '../../api/bodies.ts'
import { priceText } from '../../ui/money.ts'
import { availabilityText } from './availability.ts'
import { categoryColours } from './category-colours.ts'

/** What there is to buy, each with its colour on the seat map, its price with everything in it, and how much is left. */
export function TierList({
  tiers,
  availability,
}: {
  tiers: readonly Tier[]
  availability: readonly TierAvailability[]
}) {
  const colours = categoryColours(tiers)
  return (
    <ul className="border-b border-line">
      {tiers.map((tier) => {
        const counts = availability.find((one) => one.tier_id === tier.id)
        const left = counts && availabilityText(counts)
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
                {left && <span className={left.state === 'scarce' ? 'text-accent' : ''}>{left.words}</span>}
              </div>
            </div>
            <span className="num font-semibold">{tier.price.amount === 0 ? 'Free' : priceText(tier.price)}</span>
          </li>
        )
      })}
    </ul>
  )
}
