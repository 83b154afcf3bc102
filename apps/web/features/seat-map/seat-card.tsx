import type { SeatFacts } from './offers.ts'
import { standingWords } from './offers.ts'

/** What the seat under the pointer is: name, price, sight, and why it cannot be had. */
export function SeatCard({ facts, color, sight }: { facts: SeatFacts; color: string; sight: string }) {
  const isHad = facts.standing === 'free' || facts.standing === 'yours'
  return (
    <div className="w-max max-w-64 rounded-md border border-line bg-surface px-3.5 py-2.5 text-14 shadow-[0_6px_24px_rgb(0_0_0/0.10)]">
      <b className="block">{facts.name}</b>
      {isHad && facts.price !== null && (
        <span className="num mt-0.5 flex items-center gap-2">
          <i aria-hidden="true" className="size-2.5 flex-none rounded-[3px]" style={{ background: color }} />
          {facts.price}
        </span>
      )}
      {facts.standing !== 'free' && <span className="mt-0.5 block">{standingWords[facts.standing]}</span>}
      {facts.note !== '' && <span className="mt-0.5 block first-letter:uppercase">{facts.note}</span>}
      {isHad && <span className="mt-0.5 block text-ink-2 text-12 first-letter:uppercase">{sight}</span>}
    </div>
  )
}
