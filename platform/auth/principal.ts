/** The authenticated caller, from the verified access token. */
export type Principal = {
  user_id: string
  session_id: string
  guest: boolean
  /** Global roles; rights within organizations come from memberships (`access.mayIn`). */
  roles: readonly string[]
  /** Seconds since the epoch. */
  expires_at_s: number
}
