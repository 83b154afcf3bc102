import Link from 'next/link'
import type { User } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { Empty } from '../../ui/empty.tsx'
import { SessionGate } from './session-gate.tsx'
import { SignInInstead } from './sign-in-instead.tsx'
import { SignInLink } from './sign-in-link.tsx'

type Props = {
  title: string
  /** Who asked: null when the server knows nobody, or somebody whose session has to be renewed first. */
  user: User | null
  children: string
}

/** Stands where a page would be that this visitor may not see. It always ends in words and a way on, never in waiting. */
export function NoAccess({ title, user, children }: Props) {
  if (user === null) return <SessionGate title={title}>{children}</SessionGate>
  return (
    <div className="wrap pt-7 md:pt-12">
      <h1 className="mb-8 max-w-[16ch]">{title}</h1>
      <Empty
        title={user.guest ? 'Sign in to see this' : 'This is not yours to see'}
        action={
          <>
            {user.guest ? <SignInLink className="btn">Sign in</SignInLink> : <SignInInstead />}
            <Link className="btn quiet" href={paths.discover()}>
              See what is on
            </Link>
          </>
        }
      >
        {children}
        {!user.guest && ` You are signed in as ${user.email}.`}
      </Empty>
    </div>
  )
}
