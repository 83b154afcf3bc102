'use client'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { type ReactNode, Suspense } from 'react'
import { hereAsNext, paths } from '../../paths.ts'

type Props = { className: string; children: ReactNode }

/** To the sign-in page and, from there, back to where this link stands. */
export function SignInLink(props: Props) {
  // Only a page that is rendered ahead of time has no address yet.
  return (
    <Suspense
      fallback={
        <Link className={props.className} href={paths.signIn()}>
          {props.children}
        </Link>
      }
    >
      <LinkFromHere {...props} />
    </Suspense>
  )
}

function LinkFromHere({ className, children }: Props) {
  const next = hereAsNext(usePathname(), useSearchParams().toString())
  return (
    <Link className={className} href={paths.signIn(next)}>
      {children}
    </Link>
  )
}
