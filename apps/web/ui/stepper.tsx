'use client'
import { Minus, Plus } from 'lucide-react'

type Props = { label: string; value: number; min?: number; max: number; onChange: (value: number) => void }

/** A small number chosen by two large buttons; the number is spoken as it changes. */
export function Stepper({ label, value, min = 0, max, onChange }: Props) {
  const button =
    'grid size-11 place-items-center rounded-full border border-line bg-surface hover:border-ink-3 disabled:opacity-40'
  return (
    <div role="group" aria-label={label} className="flex flex-none items-center gap-1">
      <button
        type="button"
        className={button}
        aria-label={`One less, ${label}`}
        disabled={value <= min}
        onClick={() => onChange(value - 1)}
      >
        <Minus size={18} aria-hidden="true" />
      </button>
      <output className="num min-w-10 text-center text-20 font-semibold" aria-live="polite">
        {value}
      </output>
      <button
        type="button"
        className={button}
        aria-label={`One more, ${label}`}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <Plus size={18} aria-hidden="true" />
      </button>
    </div>
  )
}
