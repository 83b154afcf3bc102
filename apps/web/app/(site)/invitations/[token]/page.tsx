import type { Metadata } from 'next'
import { currentUser } from '../../../../api/visitor.ts'
import { SessionKeeper } from '../../../../features/account/session-keeper.tsx'
import { AcceptInvitation } from '../../../../features/invitation/accept-invitation.tsx'

/** The address is the secret of the invitation: it must not travel on in a referrer. */
export const metadata: Metadata = { title: 'Your invitation', robots: { index: false }, referrer: 'no-referrer' }

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const [{ token }, user] = await Promise.all([params, currentUser()])
  return (
    <div className="wrap max-w-[560px] pt-7 md:pt-16">
      {!user && <SessionKeeper />}
      <AcceptInvitation token={token} email={user && !user.guest ? user.email : null} />
    </div>
  )
}
