'use client'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { fieldText, formText } from '../../api/form-problem.ts'
import { type LeftBehind, signIn, signUp } from '../../api/session.ts'
import { paths, withQuery } from '../../paths.ts'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useHydrated } from '../../ui/use-hydrated.ts'

/** `next` is where the person wanted to go. */
export function SignInForm({ next }: { next: string }) {
  const { submit, working, ready, failure } = useSession(next, (text) => signIn(text('email'), text('password')))
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-[18px]">
      <Field
        label="E-mail"
        name="email"
        type="email"
        inputMode="email"
        autoComplete="username"
        required
        maxLength={254}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        maxLength={256}
      />
      <Failure failure={failure} />
      <button type="submit" className="btn" disabled={working || !ready}>
        {working ? 'One moment …' : 'Sign in'}
      </button>
      <p className="text-ink-2">
        New here?{' '}
        <Link className="link text-ink" href={paths.signUp(next)}>
          Make an account
        </Link>
        . What you have on hold or bought as a guest here comes along.
      </p>
    </form>
  )
}

export function SignUpForm({ next }: { next: string }) {
  const { submit, working, ready, failure } = useSession(next, (text) =>
    signUp({
      email: text('email'),
      password: text('password'),
      first_name: text('first_name'),
      last_name: text('last_name'),
    }),
  )
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-[18px]">
      <div className="grid grid-cols-1 gap-3.5 sm:grid-cols-2">
        <Field
          label="First name"
          name="first_name"
          autoComplete="given-name"
          required
          maxLength={100}
          error={fieldText(failure, 'first_name')}
        />
        <Field
          label="Last name"
          hint="If you have one"
          name="last_name"
          autoComplete="family-name"
          maxLength={100}
          error={fieldText(failure, 'last_name')}
        />
      </div>
      <Field
        label="E-mail"
        name="email"
        type="email"
        inputMode="email"
        autoComplete="username"
        required
        maxLength={254}
        error={fieldText(failure, 'email')}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        maxLength={256}
        hint="A few words in a row are easy to remember and hard to guess."
        error={fieldText(failure, 'password')}
      />
      <Failure failure={failure} />
      <button type="submit" className="btn" disabled={working || !ready}>
        {working ? 'One moment …' : 'Make an account'}
      </button>
      <p className="text-ink-2">
        Have one already?{' '}
        <Link className="link text-ink" href={paths.signIn(next)}>
          Sign in
        </Link>
        .
      </p>
    </form>
  )
}

function Failure({ failure }: { failure: unknown }) {
  if (failure === undefined) return null
  return (
    <Notice tone="bad" live="assertive">
      {formText(failure)}
    </Notice>
  )
}

function useSession(next: string, act: (text: (name: string) => string) => Promise<LeftBehind>) {
  const router = useRouter()
  const [working, setWorking] = useState(false)
  const ready = useHydrated()
  const [failure, setFailure] = useState<unknown>()
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setWorking(true)
    setFailure(undefined)
    try {
      // A password may begin or end with a space; everything else is trimmed by the server.
      const left_behind = await act((name) => String(form.get(name) ?? ''))
      router.replace(left_behind > 0 ? withQuery(paths.tickets(), { left: left_behind }) : next)
      router.refresh()
    } catch (error) {
      setFailure(error)
      setWorking(false)
    }
  }
  return { submit, working, ready, failure }
}
