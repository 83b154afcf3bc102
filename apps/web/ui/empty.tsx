import type { ReactNode } from 'react'

/** A list with nothing in it, or a page that cannot show its thing: what is the case, and one way on. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 border-t border-line py-12">
      <svg width="88" height="44" viewBox="0 0 88 44" aria-hidden="true" className="mb-2">
        <path d="M0 0h44a44 44 0 0 1-44 44z" fill="var(--line)" />
        <path d="M88 44H44A44 44 0 0 1 88 0z" fill="var(--line-2)" />
        <circle cx="66" cy="33" r="6" fill="var(--accent)" />
      </svg>
      <h2>{title}</h2>
      {children && <p className="max-w-[52ch] text-ink-2">{children}</p>}
      {action && <div className="mt-3 flex flex-wrap gap-3">{action}</div>}
    </div>
  )
}
