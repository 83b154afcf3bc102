import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { seatFlags } from '@tessera/contracts/seat-map/seat-flags'
import { memo, type ReactNode } from 'react'

/** What the shapes mean; only those that this room has. It reads every seat for it, so once a room. */
export const MarksLegend = memo(function MarksLegend({ flags }: Pick<Geometry, 'flags'>) {
  const has = (flag: number) => flags.some((value) => (value & flag) !== 0)
  return (
    <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 text-12 text-ink-2">
      <Entry words="free">
        <circle cx="6" cy="6" r="5" fill="currentColor" />
      </Entry>
      <Entry words="on hold">
        <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.2" strokeDasharray="2 1.8" />
      </Entry>
      <Entry words="sold or blocked">
        <circle cx="6" cy="6" r="1.8" fill="currentColor" />
      </Entry>
      {has(seatFlags.accessible) && (
        <Entry words="wheelchair place">
          <rect x="1" y="1" width="10" height="10" rx="2.4" fill="currentColor" />
        </Entry>
      )}
      {has(seatFlags.obstructed) && (
        <Entry words="restricted view">
          <circle cx="6" cy="6" r="5" fill="currentColor" />
          <path d="M4.6 11 11 4.6" stroke="var(--paper)" strokeWidth="1.4" />
        </Entry>
      )}
    </ul>
  )
})

function Entry({ words, children }: { words: string; children: ReactNode }) {
  return (
    <li className="flex items-center gap-1.5">
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {children}
      </svg>
      {words}
    </li>
  )
}
