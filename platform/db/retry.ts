import { codeOf } from './error-code.ts'

/** Serialization failure and deadlock: PostgreSQL rolled the transaction back because of concurrent ones. */
const ROLLED_BACK_CODES: readonly string[] = ['40001', '40P01']
const ATTEMPTS_MAX = 5
const RETRY_DELAY_MS = 10

export type RetryOptions = {
  /** Further SQLSTATEs to retry, e.g. 23505 where two processes may insert the same key. */
  also?: readonly string[]
}

/** True when PostgreSQL rolled the transaction back because of concurrent ones, or with one of the codes in `also`. */
export function wasRolledBack(error: unknown, { also = [] }: RetryOptions = {}): boolean {
  const code = codeOf(error)
  return code !== undefined && (ROLLED_BACK_CODES.includes(code) || also.includes(code))
}

/**
 * Runs `work`, and again after a rollback caused by concurrent transactions: five attempts in all, with jittered
 * exponential back-off. Each attempt must be one transaction with no other effect. Rejects with any other error at once,
 * and with the last one when the attempts are used up.
 */
export async function retryRolledBack<T>(work: () => Promise<T>, options?: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !wasRolledBack(error, options)) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * 2 ** attempt * Math.random()))
    }
  }
}
