import type { PublicKey } from '@tessera/contracts/rpc/identity'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { Secrets } from '#platform/auth'
import { type Db, loadSql, type Tx } from '#platform/db'
import type { Log } from '#platform/telemetry'

type Deps = { db: Db; secrets: Secrets; log: Log }

export type SigningKey = { kid: string; key: CryptoKey }

const sql = loadSql(import.meta.url, [
  'lock_keys',
  'signing_key',
  'insert_key',
  'published_since',
  'published_keys',
  'delete_dead_keys',
])

const PURPOSE = 'identity-signing-key'
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
/** Longer than the JWK set may be cached, so that every verifier has a key before its first signature. */
const PUBLISHED_BEFORE_SIGNING_S = 900
/** Longer than the life of any token that the key signed. */
const AFTERLIFE_S = 7_200
/** Makes a repeated rotation create one key. */
const ROTATION_AGE_MIN_S = 3_600

/** The present signing key; creates the first one. */
export async function currentKey(deps: Deps): Promise<SigningKey> {
  const unusable: string[] = []
  for (;;) {
    const row = (await findKey(deps.db, unusable)) ?? (await firstKey(deps, unusable))
    const key = await unsealKey(deps, row)
    if (key !== null) return key
    unusable.push(row.kid)
  }
}

/** The public halves of keys that sign, have signed live tokens, or will soon sign; newest first. */
export async function publicKeys(deps: Deps, as_of: string | null = null): Promise<PublicKey[]> {
  const rows = await deps.db.many<{ public_key: PublicKey }>(sql.published_keys, { as_of, afterlife_s: AFTERLIFE_S })
  if (rows.length > 0) return rows.map((row) => row.public_key)
  await currentKey(deps)
  return publicKeys(deps, as_of)
}

/** Publishes the next key, which begins to sign 15 min later, and destroys keys whose last token has long expired. */
export async function rotateKeys(deps: Deps, input: { as_of: string | null }): Promise<void> {
  const next = await newKey(deps.secrets)
  await deps.db.transaction(async (tx) => {
    await tx.none(sql.lock_keys)
    const recent = await tx.maybe(sql.published_since, { as_of: input.as_of, age_s: ROTATION_AGE_MIN_S })
    if (recent === undefined) {
      await tx.none(sql.insert_key, { ...next, as_of: input.as_of, delay_s: PUBLISHED_BEFORE_SIGNING_S })
    }
    await tx.none(sql.delete_dead_keys, { as_of: input.as_of, afterlife_s: AFTERLIFE_S })
  })
}

type KeyRow = { kid: string; sealed_private_key: string }

async function findKey(db: Db | Tx, unusable: readonly string[]): Promise<KeyRow | undefined> {
  return db.maybe<KeyRow>(sql.signing_key, { unusable })
}

/** Two processes that start together must not sign with a key that the other has not published. */
async function firstKey(deps: Deps, unusable: readonly string[]): Promise<KeyRow> {
  const made = await newKey(deps.secrets)
  return deps.db.transaction(async (tx) => {
    await tx.none(sql.lock_keys)
    const known = await findKey(tx, unusable)
    if (known !== undefined) return known
    await tx.none(sql.insert_key, { ...made, as_of: null, delay_s: 0 })
    return made
  })
}

/**
 * Null for a key sealed by another installation's secret (a restored database): its tokens become invalid, and a new
 * key takes over.
 */
async function unsealKey(deps: Deps, row: KeyRow): Promise<SigningKey | null> {
  let pkcs8: Buffer
  try {
    pkcs8 = deps.secrets.unseal(PURPOSE, row.sealed_private_key)
  } catch (error) {
    deps.log.error({ err: error, kid: row.kid }, 'a signing key was sealed with another installation secret')
    return null
  }
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), ALGORITHM, false, ['sign'])
  return { kid: row.kid, key }
}

async function newKey(secrets: Secrets): Promise<KeyRow & { public_key: string }> {
  const pair = await generateKeyPair('RS256', { modulusLength: 2_048, extractable: true })
  const jwk = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey)
  return {
    kid,
    public_key: JSON.stringify({ kty: jwk.kty, kid, alg: 'RS256', use: 'sig', n: jwk.n, e: jwk.e }),
    sealed_private_key: secrets.seal(PURPOSE, new Uint8Array(pkcs8)),
  }
}
