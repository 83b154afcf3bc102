const PASSWORD_LENGTH_MIN = 8

let common: Promise<ReadonlySet<string>> | undefined

/**
 * The reason to refuse a new password, or null. The only rules are its length and that it is none of the 49,000 most
 * common ones (NIST SP 800-63B); the schema has the maximum.
 */
export async function passwordError(password: string): Promise<string | null> {
  if (!password.isWellFormed() || password.includes('\0')) return 'holds characters that cannot be typed again'
  if (Array.from(password).length < PASSWORD_LENGTH_MIN) return `must have at least ${PASSWORD_LENGTH_MIN} characters`
  common ??= loadCommon()
  return (await common).has(password.normalize('NFKC').toLowerCase()) ? 'is one of the most common passwords' : null
}

/** Loaded with the first account: 1 MB that most processes never need. */
async function loadCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}
