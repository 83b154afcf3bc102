/** An error about one field of a body, as problem details carry it. */
export type FieldError = { pointer: string; detail: string }

/** Control characters, lone surrogates and unassigned code points: nothing that belongs to a name. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Cn}]/u

/**
 * A name as people write it: trimmed and NFC, in any script, with joiners, marks, quotes and emoji untouched. Undefined
 * when it holds NUL, other control characters or half a surrogate pair.
 */
export function normaliseName(typed: string): string | undefined {
  if (!typed.isWellFormed() || UNFIT.test(typed)) return undefined
  return typed.trim().normalize('NFC')
}

const PASSWORD_LENGTH_MIN = 8

let common: Promise<ReadonlySet<string>> | undefined

/**
 * What is wrong with a new password, or null. Length, and that it is none of the 49,000 that everybody tries first, is all
 * that is asked for (NIST SP 800-63B); the schema holds the maximum.
 */
export async function passwordError(password: string): Promise<string | null> {
  if (!password.isWellFormed() || password.includes('\0')) return 'holds characters that cannot be typed again'
  if (Array.from(password).length < PASSWORD_LENGTH_MIN) return `must have at least ${PASSWORD_LENGTH_MIN} characters`
  common ??= loadCommon()
  return (await common).has(password.normalize('NFKC').toLowerCase()) ? 'is one of the most common passwords' : null
}

/** Loaded when the first account is made: 1 MB that most processes never need. */
async function loadCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}
