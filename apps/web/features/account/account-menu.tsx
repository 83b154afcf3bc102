'use client'
import Link from 'next/link'
import { useEffect, useRef } from 'react'
import { paths } from '../../paths.ts'
import { SignOutButton } from './sign-out-button.tsx'

/** The signed-in person's menu: a native disclosure that also closes on Escape and on a click elsewhere. */
export function AccountMenu({ name, email, admin }: { name: string; email: string; admin: boolean }) {
  const ref = useRef<HTMLDetailsElement>(null)
  // An effect, because clicks elsewhere and Escape happen outside of this component.
  useEffect(() => {
    const close = (event: Event) => {
      const menu = ref.current
      if (!menu?.open) return
      const escaped = event instanceof KeyboardEvent && event.key === 'Escape'
      if (escaped) menu.querySelector('summary')?.focus()
      if (escaped || (event.type === 'click' && event.target instanceof Node && !menu.contains(event.target)))
        menu.open = false
    }
    document.addEventListener('click', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('click', close)
      document.removeEventListener('keydown', close)
    }
  }, [])
  const link = 'flex min-h-11 items-center rounded-sm px-3 hover:bg-line-2'
  return (
    <details ref={ref} className="relative">
      <summary className="chip list-none [&::-webkit-details-marker]:hidden" aria-label={`Account of ${name}`}>
        <bdi className="max-w-[7ch] overflow-hidden text-ellipsis sm:max-w-[12ch]">{name}</bdi>
      </summary>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- a click on a link inside closes the menu; the links themselves take the keyboard */}
      <div
        className="rise absolute right-0 z-20 mt-2 w-64 rounded-lg border border-line bg-surface p-2"
        onClick={() => {
          if (ref.current) ref.current.open = false
        }}
      >
        <p className="overflow-hidden border-b border-line px-3 pt-1 pb-3 text-14 text-ellipsis text-ink-2">{email}</p>
        <div className="pt-2">
          <Link className={link} href={paths.tickets()}>
            My tickets
          </Link>
          <Link className={link} href={paths.organizer()}>
            My events
          </Link>
          <Link className={link} href={paths.doors()}>
            Door
          </Link>
          {admin && (
            <Link className={link} href={paths.integrity()}>
              Admin
            </Link>
          )}
          <SignOutButton className={`${link} w-full`} />
        </div>
      </div>
    </details>
  )
}
