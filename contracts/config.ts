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
  /** Other processes serve this installation too. It may become true at any time: read it at each use, do not copy it. */
  readonly several_processes: boolean
  /** By name of the provider, the preferred one first; what a slice holds, its adapter knows. */
  payment_providers: Readonly<Record<string, Readonly<Record<string, string>>>>
}
