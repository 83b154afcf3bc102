import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { ticketCode, ticketCodeBody } from '@tessera/contracts/ticket-code'
import type { Secrets } from '#platform/auth'
import { type Db, loadSql, type Queryable } from '#platform/db'

type Deps = { db: Db; secrets: Secrets }

const sql = loadSql(import.meta.url, ['add_key', 'has_current', 'retire_current', 'private_key', 'public_keys'])

const PURPOSE = 'ticket-signing-key'

export type SigningKeys = {
  /** The signed code of a ticket. Ed25519 is deterministic: a ticket's code never changes. */
  codeOf(ticket: { key_id: string; code_id: string; performance_id: string }): Promise<string>
}

/** Makes the installation's first signing key when there is none. */
export async function ensureSigningKey(deps: Deps): Promise<void> {
  const { has_current } = await deps.db.one<{ has_current: boolean }>(sql.has_current)
  if (!has_current) await addKey(deps.db, deps.secrets)
}

/**
 * Retires the current key, if it was made before `created_before` (null: always), and makes the next. Codes signed by a
 * retired key stay valid: scanners keep its public half.
 */
export async function rotateSigningKey(deps: Deps, created_before: string | null): Promise<{ rotated: boolean }> {
  return deps.db.transaction(async (tx) => {
    const retired = await tx.none(sql.retire_current, { created_before })
    if (retired === 0) return { rotated: false }
    await addKey(tx, deps.secrets)
    return { rotated: true }
  })
}

export function publicKeys(db: Db): Promise<{ key_id: string; public_key: string }[]> {
  return db.many(sql.public_keys)
}

/** Private keys by id, unsealed once per process. Keys are immutable, so the cache needs no expiry. */
export function openSigningKeys({ db, secrets }: Deps): SigningKeys {
  const known = new Map<string, KeyObject>()
  const load = async (key_id: string): Promise<KeyObject> => {
    const { private_key_sealed } = await db.one<{ private_key_sealed: string }>(sql.private_key, { key_id })
    const key = createPrivateKey({ key: secrets.unseal(PURPOSE, private_key_sealed), format: 'der', type: 'pkcs8' })
    known.set(key_id, key)
    return key
  }
  return {
    codeOf: async (ticket) => {
      const key = known.get(ticket.key_id) ?? (await load(ticket.key_id))
      const body = ticketCodeBody(ticket)
      return ticketCode(body, sign(null, Buffer.from(body, 'latin1'), key))
    },
  }
}

/** The key's id is the start of its public half's hash, so that a code names its key without a registry. */
async function addKey(db: Queryable, secrets: Secrets): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  if (x === undefined) throw new Error('An Ed25519 key without its public half')
  await db.none(sql.add_key, {
    key_id: createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 8),
    public_key: x,
    private_key_sealed: secrets.seal(PURPOSE, privateKey.export({ format: 'der', type: 'pkcs8' })),
  })
}
