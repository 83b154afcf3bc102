import { paths } from '../../paths.ts'

/** Before anything is held, because a hold belongs to who made it. */
export function SignInFirst({ performance_id }: { performance_id: string }) {
  return (
    <p className="text-14 text-ink-2 max-md:hidden">
      <a className="link text-ink" href={paths.signIn(paths.seats(performance_id))}>
        Sign in first
      </a>{' '}
      to have the tickets in your account, or go on as a guest.
    </p>
  )
}
