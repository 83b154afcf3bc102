import { CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

type Tone = 'good' | 'bad' | 'warn' | 'note'

const LOOK = {
  good: { wash: 'bg-good-wash', mark: 'text-good', Icon: CircleCheck },
  bad: { wash: 'bg-bad-wash', mark: 'text-bad', Icon: TriangleAlert },
  warn: { wash: 'bg-warn-wash', mark: 'text-warn', Icon: TriangleAlert },
  note: { wash: 'bg-line-2', mark: 'text-ink-2', Icon: Info },
} as const

/** A sentence that has to be seen now. `live` makes screen readers say it as it appears: `assertive` only for refusals. */
export function Notice({
  tone = 'note',
  live,
  children,
}: {
  tone?: Tone
  live?: 'polite' | 'assertive'
  children: ReactNode
}) {
  const { wash, mark, Icon } = LOOK[tone]
  return (
    <div
      role={live === 'assertive' ? 'alert' : live === 'polite' ? 'status' : undefined}
      className={`rise flex gap-3 rounded-md px-4 py-3 text-14 ${wash}`}
    >
      <Icon size={18} className={`mt-px flex-none ${mark}`} aria-hidden="true" />
      <div className="min-w-0">{children}</div>
    </div>
  )
}
