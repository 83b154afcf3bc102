import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** Keys derived from the installation's secret; a purpose cannot use another's key. */
export type Secrets = {
  /** Encrypts with AES-256-GCM: `nonce ‖ tag ‖ ciphertext`, base64url. */
  seal(purpose: string, bytes: Uint8Array): string
  /** The bytes; throws when they were sealed by another installation or modified since. */
  unseal(purpose: string, sealed: string): Buffer
  /** An unguessable token for a subject (a capability link); nothing is stored. */
  tokenFor(purpose: string, subject: string): string
  tokenFits(purpose: string, subject: string, token: string): boolean
}

export function createSecrets(master: Uint8Array): Secrets {
  if (master.length < 32) throw new Error('The installation secret must have at least 32 bytes')
  const keys = new Map<string, KeyObject>()
  const keyFor = (purpose: string): KeyObject => {
    const key = keys.get(purpose) ?? createSecretKey(Buffer.from(hkdfSync('sha256', master, 'tessera', purpose, 32)))
    keys.set(purpose, key)
    return key
  }
  const tokenFor = (purpose: string, subject: string): string =>
    createHmac('sha256', keyFor(purpose)).update(subject).digest('base64url')
  return {
    seal: (purpose, bytes) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), nonce)
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    unseal: (purpose, sealed) => {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
    },
    tokenFor,
    tokenFits: (purpose, subject, token) => {
      const expected = Buffer.from(tokenFor(purpose, subject))
      const given = Buffer.from(token)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}
