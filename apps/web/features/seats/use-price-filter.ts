'use client'
import { useMemo, useState } from 'react'
import type { Tier } from '../../api/bodies.ts'
import { type LegendEntry, legendOf } from './legend.ts'

/** The colours of the map as a filter. `tier_ids`: the tiers that are left in colour; empty = all. */
export type PriceFilter = {
  legend: readonly LegendEntry[]
  shown: ReadonlySet<string>
  tier_ids: readonly string[]
  toggle: (key: string) => void
}

export function usePriceFilter(tiers: readonly Tier[]): PriceFilter {
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set())
  const legend = useMemo(() => legendOf(tiers), [tiers])
  const tier_ids = useMemo(
    () => legend.filter(({ key }) => shown.has(key)).flatMap((entry) => entry.tier_ids),
    [legend, shown],
  )
  const toggle = (key: string) => {
    const next = new Set(shown)
    if (!next.delete(key)) next.add(key)
    setShown(next)
  }
  return { legend, shown, tier_ids, toggle }
}
