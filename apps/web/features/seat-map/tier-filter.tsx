'use client'
import { priceText } from '../../ui/money.ts'
import type { MapTier } from './offers.ts'

type Props = {
  tiers: readonly MapTier[]
  chosen: readonly string[]
  onChange: (tier_ids: string[]) => void
  /** The chart's own, for tiers that bring no colour. */
  categories?: readonly { name: string; color: string }[]
}

/** Prices as a legend that filters: what is pressed is shown, the rest of the room steps back. None pressed = all. */
export function TierFilter({ tiers, chosen, onChange, categories = [] }: Props) {
  const groups = groupByPlace(tiers, categories)
  return (
    <div role="group" aria-label="Show prices" className="flex gap-2 overflow-x-auto [scrollbar-width:none]">
      {groups.map(({ ids, color, words, names }) => {
        const isOn = ids.some((id) => chosen.includes(id))
        return (
          <button
            key={ids.join()}
            type="button"
            className="chip flex-none"
            aria-pressed={isOn}
            aria-label={`${names}, ${words}`}
            onClick={() => onChange(isOn ? chosen.filter((id) => !ids.includes(id)) : [...chosen, ...ids])}
          >
            <i aria-hidden="true" className="size-3 rounded-[4px]" style={{ background: color }} />
            <span className="num">{words}</span>
          </button>
        )
      })}
    </div>
  )
}

type Group = { ids: string[]; color: string; words: string; names: string }

/** Tariffs of the same categories (adult, child) stand on the same seats: one chip. Dearest first. */
function groupByPlace(tiers: readonly MapTier[], categories: NonNullable<Props['categories']>): Group[] {
  const groups = new Map<string, MapTier[]>()
  for (const tier of tiers) {
    if (tier.categories.length === 0) continue
    const key = tier.categories.toSorted().join('|')
    groups.set(key, [...(groups.get(key) ?? []), tier])
  }
  return [...groups.values()]
    .map((group) => group.toSorted((a, b) => b.price.amount - a.price.amount))
    .toSorted((a, b) => (b[0]?.price.amount ?? 0) - (a[0]?.price.amount ?? 0))
    .map((group) => {
      const [dearest, cheapest] = [group[0], group.at(-1)]
      const isOne = dearest === undefined || cheapest === undefined || dearest === cheapest
      return {
        ids: group.map((tier) => tier.tier_id),
        color: colorOf(group, categories),
        words: isOne
          ? priceText(dearest?.price ?? { amount: 0, currency: 'EUR' })
          : `${priceText(cheapest.price)}–${priceText(dearest.price)}`,
        names: group.map((tier) => tier.name).join(', '),
      }
    })
}

function colorOf(group: readonly MapTier[], categories: NonNullable<Props['categories']>): string {
  const own = group.find((tier) => tier.color !== undefined)?.color
  return own ?? categories.find(({ name }) => group[0]?.categories.includes(name))?.color ?? 'currentColor'
}
