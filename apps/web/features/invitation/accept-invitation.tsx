'use client'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { acceptInvitation } from '../../api/operations.ts'
import { isProblem } from '../../api/problem.ts'
import { problemText } from '../../api/problem-text.ts'
import { paths } from '../../paths.ts'
import { Notice } from '../../ui/notice.tsx'
import { useHydrated } from '../../ui/use-hydrated.ts'
import { SignInInstead } from '../account/sign-in-instead.tsx'
import { type Role, roleText } from './role-text.ts'

type Props = {
  token: string
  /** Of the account that is signed in; null for nobody and for guests. */
  email: string | null
}

/**
 * Joining an organization's team. Modes: nobody (sign in or up, then back here) → asking → joined, or refused: the
 * invitation is for another address, has expired or never was, which the server does not tell apart.
 */
export function AcceptInvitation({ token, email }: Props) {
  const ready = useHydrated()
  const [working, setWorking] = useState(false)
  const [joined, setJoined] = useState<Role>()
  const [failure, setFailure] = useState<unknown>()

  async function accept() {
    setWorking(true)
    setFailure(undefined)
    try {
      setJoined((await acceptInvitation(token)).role)
    } catch (error) {
      setFailure(error)
    } finally {
      setWorking(false)
    }
  }

  if (email === null) return <SignInFirst token={token} />
  if (joined) return <Joined role={joined} />
  if (isProblem(failure, 'not-found')) return <NotForYou email={email} />
  return (
    <Page title="You are invited.">
      <p>An organization wants you on its team. It joins the account that you are signed in with:</p>
      <p className="font-semibold">{email}</p>
      {failure !== undefined && (
        <Notice tone="bad" live="assertive">
          {problemText(failure)}
        </Notice>
      )}
      <button type="button" className="btn" disabled={working || !ready} onClick={accept}>
        {working ? 'One moment …' : 'Join the team'}
      </button>
    </Page>
  )
}

function SignInFirst({ token }: { token: string }) {
  const here = paths.invitation(token)
  return (
    <Page title="You are invited.">
      <p>
        An organization wants you on its team. Sign in with the address that the invitation was sent to, or make an
        account for it; then you come back here.
      </p>
      <div className="flex flex-wrap gap-3">
        <Link className="btn" href={paths.signIn(here)}>
          Sign in
        </Link>
        <Link className="btn quiet" href={paths.signUp(here)}>
          Make an account
        </Link>
      </div>
    </Page>
  )
}

function Joined({ role }: { role: Role }) {
  const { words, way } = roleText(role)
  return (
    <Page title="Welcome to the team.">
      <p role="status">{words}</p>
      <div>
        <Link className="btn" href={way.href}>
          {way.label}
        </Link>
      </div>
    </Page>
  )
}

function NotForYou({ email }: { email: string }) {
  return (
    <Page title="This invitation does not work here.">
      <p role="alert">
        It was sent to another address than {email}, or it has expired. Sign in with the address it was sent to, or ask
        the organizer for a new one.
      </p>
      <div>
        <SignInInstead />
      </div>
    </Page>
  )
}

function Page({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-5">
      <h1 className="mb-1 text-40">{title}</h1>
      {children}
    </div>
  )
}
