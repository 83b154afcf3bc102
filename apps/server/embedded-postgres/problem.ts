export type EmbeddedPostgresProblem =
  | 'in-use'
  | 'port-in-use'
  | 'disk-full'
  | 'data-directory-unusable'
  | 'other-major-version'
  | 'binaries-unusable'
  | 'cannot-start'

/**
 * The reason why the embedded PostgreSQL did not start. The message is for the person at the terminal and contains the
 * next step.
 */
export class EmbeddedPostgresError extends Error {
  readonly kind: EmbeddedPostgresProblem

  constructor(kind: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedPostgresError'
    this.kind = kind
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
