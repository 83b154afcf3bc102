import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { currentUser } from '../../../api/visitor.ts'
import { SignUpForm } from '../../../features/account/sign-in-form.tsx'
import { safeNext } from '../../../paths.ts'

export const metadata: Metadata = { title: 'Make an account', robots: { index: false } }

export default async function Page({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const next = safeNext((await searchParams).next)
  const user = await currentUser()
  if (user && !user.guest) redirect(next)
  return (
    <div className="wrap max-w-[480px] pt-7 md:pt-16">
      <h1 className="mb-8 text-40">A seat of your own.</h1>
      <SignUpForm next={next} />
    </div>
  )
}
