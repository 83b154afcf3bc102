'use client'
import { usePathname, useRouter } from 'next/navigation'
import { useState } from 'react'
import { signOut } from '../../api/session.ts'
import { paths } from '../../paths.ts'

/** Signs out, and in again as someone else who comes back to this page. */
export function SignInInstead() {
  const router = useRouter()
  const pathname = usePathname()
  const [working, setWorking] = useState(false)
  return (
    <button
      type="button"
      className="btn"
      disabled={working}
      onClick={async () => {
        setWorking(true)
        await signOut()
        router.push(paths.signIn(pathname))
        router.refresh()
      }}
    >
      {working ? 'One moment …' : 'Use another account'}
    </button>
  )
}
