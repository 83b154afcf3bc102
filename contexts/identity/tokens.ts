import { hash, randomBytes } from 'node:crypto'
import type { Secrets } from '#platform/auth'

/** An opaque token of 256 bits, in 43 characters. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** The stored form of a token; 256 random bits need no salt. */
export function tokenHash(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

/**
 * The successor of this refresh token in its family, `steps` rotations on. It is derived with the installation's
 * secret, so that a legitimate repeat gets the same successor although only hashes are stored.
 */
export function successorOf(secrets: Secrets, refresh_token: string, steps = 1): string {
  let token = refresh_token
  for (let step = 0; step < steps; step++) token = secrets.tokenFor('refresh-token', token)
  return token
}
