'use client'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { renewSession } from '../../api/client.ts'
import { sessionIsLikely } from '../../api/session-memory.ts'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'

type Props = { title: string; children: string }

/**
 * Stands where a page would be that needs a session the server did not see. Only the browser can renew one, so it tries
 * that once; then it asks the person to sign in.
 */
export function SessionGate({ title, children }: Props) {
  const router = useRouter()
  const pathname = usePathname()
  const [asked, setAsked] = useState(false)
  // An effect, because renewing takes cookies that only the browser gets.
  useEffect(() => {
    const renewed = sessionIsLikely() ? renewSession() : Promise.resolve(false)
    void renewed.then((again) => (again ? router.refresh() : setAsked(true)))
  }, [router])
  if (!asked)
    return (
      <div className="wrap pt-12" role="status" aria-label="Loading">
        <h1 className="sr-only">{title}</h1>
        <div className="skeleton mb-8 h-12 w-2/3 max-w-md" />
        <div className="skeleton h-40 w-full max-w-2xl" />
      </div>
    )
  return (
    <div className="wrap pt-7 md:pt-12">
      <h1 className="mb-8 max-w-[16ch]">{title}</h1>
      <Empty
        title="Sign in to see this"
        action={
          <>
            <Link className="btn" href={paths.signIn(pathname)}>
              Sign in
            </Link>
            <Link className="btn quiet" href={paths.discover()}>
              See what is on
            </Link>
          </>
        }
      >
        {children}
      </Empty>
    </div>
  )
}
