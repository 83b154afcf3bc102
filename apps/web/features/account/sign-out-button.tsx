'use client'
import { useRouter } from 'next/navigation'
import { signOut } from '../../api/session.ts'
import { paths } from '../../paths.ts'

export function SignOutButton({ className = '' }: { className?: string }) {
  const router = useRouter()
  return (
    <button
      type="button"
      className={className}
      onClick={async () => {
        await signOut()
        router.push(paths.discover())
        router.refresh()
      }}
    >
      Sign out
    </button>
  )
}
