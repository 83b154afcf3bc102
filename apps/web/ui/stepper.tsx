'use client'
import { Minus, Plus } from 'lucide-react'
import { stepDown, stepUp } from './steps.ts'

type Props = {
  label: string
  value: number
  min?: number
  /** The smallest number above `min`. */
  begins_at?: number
  max: number
  onChange: (value: number) => void
}

/** A small number chosen by two large buttons; the number is spoken as it changes. */
export function Stepper({ label, value, min = 0, begins_at = 1, max, onChange }: Props) {
  const steps = { min, begins_at, max }
  const [less, more] = [stepDown(value, steps), stepUp(value, steps)]
  const button =
    'grid size-11 place-items-center rounded-full border border-line bg-surface hover:border-ink-3 disabled:opacity-40'
  return (
    <div role="group" aria-label={label} className="flex flex-none items-center gap-1">
      <button
        type="button"
        className={button}
        aria-label={`${less === null || value - less === 1 ? 'One less' : 'None'}, ${label}`}
        disabled={less === null}
        onClick={() => less !== null && onChange(less)}
      >
        <Minus size={18} aria-hidden="true" />
      </button>
      <output className="num min-w-10 text-center text-20 font-semibold" aria-live="polite">
        {value}
      </output>
      <button
        type="button"
        className={button}
        aria-label={`${more === null || more - value === 1 ? 'One more' : `${more} more`}, ${label}`}
        disabled={more === null}
        onClick={() => more !== null && onChange(more)}
      >
        <Plus size={18} aria-hidden="true" />
      </button>
    </div>
  )
}
