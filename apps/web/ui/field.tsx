import type { InputHTMLAttributes, ReactNode } from 'react'
import { useId } from 'react'

type Props = InputHTMLAttributes<HTMLInputElement> & {
  label: string
  hint?: ReactNode
  /** What the label is said to be: `is too short`. */
  error?: string | undefined
}

/** A labelled input; its hint and its error are tied to it, so that they are read with it. */
export function Field({ label, hint, error, ...input }: Props) {
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-14 font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        className="input"
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
      />
      {error && (
        <p id={`${id}-error`} className="mt-1.5 text-14 text-bad">
          {label} {error}.
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-14 text-ink-2">
          {hint}
        </p>
      )}
    </div>
  )
}
