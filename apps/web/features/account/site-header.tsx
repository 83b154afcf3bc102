import Link from 'next/link'
import { currentUser } from '../../api/visitor.ts'
import { paths } from '../../paths.ts'
import { Mark } from '../../ui/mark.tsx'
import { AccountMenu } from './account-menu.tsx'
import { SessionKeeper } from './session-keeper.tsx'
import { SignInLink } from './sign-in-link.tsx'

export async function SiteHeader() {
  const user = await currentUser()
  const member = user && !user.guest ? user : null
  return (
    <header className="wrap">
      {!user && <SessionKeeper />}
      <div className="flex min-h-[60px] items-center gap-3 md:gap-7 border-b border-line md:min-h-[72px]">
        <Link href={paths.discover()} className="display flex flex-none items-center gap-2.5 text-20 font-[680]">
          <Mark />
          Tessera
        </Link>
        <nav aria-label="Main" className="ml-auto flex min-w-0 items-center gap-1 sm:gap-2 md:gap-6">
          <Link
            href={paths.tickets()}
            className="grid min-h-11 place-items-center px-2 hover:underline hover:underline-offset-3"
          >
            My tickets
          </Link>
          <Link
            href={paths.organizer()}
            className="hidden min-h-11 place-items-center px-2 hover:underline hover:underline-offset-3 md:grid"
          >
            Sell tickets
          </Link>
          {member ? (
            <AccountMenu
              name={member.first_name ?? member.email ?? 'You'}
              email={member.email ?? ''}
              admin={member.roles.includes('admin')}
            />
          ) : (
            <SignInLink className="chip">Sign in</SignInLink>
          )}
        </nav>
      </div>
    </header>
  )
}
