'use client'
import type { LegendEntry } from './legend.ts'

type Props = { legend: readonly LegendEntry[]; shown: ReadonlySet<string>; onToggle: (key: string) => void }

/** The colours of the map with their prices; pressing some leaves only those in colour. */
export function LegendChips({ legend, shown, onToggle }: Props) {
  return legend.map(({ key, colour, price, names }) => (
    <button
      key={key}
      type="button"
      className="chip num"
      aria-pressed={shown.has(key)}
      aria-label={`Show only ${names}, ${price}`}
      onClick={() => onToggle(key)}
    >
      <i aria-hidden="true" className="swatch size-3 flex-none rounded-[4px]" style={{ background: colour }} />
      {price}
    </button>
  ))
}
