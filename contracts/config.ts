/** The settings that contexts read; the composition root fills them from the environment. */
export type ProductConfig = {
  /** The one origin that browsers see, e.g. `http://localhost:3000`. */
  public_origin: string
  /** `iss` of our access tokens: the same whichever port this process was given. */
  token_issuer: string
  hold_seconds: number
  /** `off` for load tests: no per-user or per-address limits. */
  rate_limits: boolean
  demo: boolean
  /** More than one process serves this port. */
  several_processes: boolean
  stripe: {
    api_base: string
    secret_key: string
    webhook_secret: string
    /** Where the sandbox's card page is, for browsers; null with the real Stripe. */
    card_page_origin: string | null
  }
}
