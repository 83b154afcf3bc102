'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useState, useTransition } from 'react'
import { renewSession } from '../../api/client.ts'
import { sessionIsLikely } from '../../api/session-memory.ts'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { SignInLink } from './sign-in-link.tsx'

type Props = { title: string; children: string }

/**
 * Stands where the server saw no session. Only the browser can renew one, so it tries that once and asks for the page
 * anew. Modes: trying (a skeleton) → the page, or, when this still stands here afterwards, the request to sign in.
 */
export function SessionGate({ title, children }: Props) {
  const router = useRouter()
  const [tried, setTried] = useState(false)
  const [refreshing, startRefresh] = useTransition()
  // An effect, because renewing takes cookies that only the browser gets.
  useEffect(() => {
    const renewed = sessionIsLikely() ? renewSession() : Promise.resolve(false)
    void renewed.then((again) => {
      if (again) startRefresh(() => router.refresh())
      setTried(true)
    })
  }, [router])
  if (!tried || refreshing)
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
            <SignInLink className="btn">Sign in</SignInLink>
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
