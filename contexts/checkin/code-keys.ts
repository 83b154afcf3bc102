import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { TicketingRpc } from '@tessera/contracts/rpc/ticketing'
import type { TicketCode } from '@tessera/contracts/ticket-code'
import { type Db, loadSql } from '#platform/db'
import { RpcUnavailableError } from '#platform/rpc'

type Deps = { db: Db; ticketing: Pick<TicketingRpc, 'code_keys'>; now_ms?: () => number }
type PublicKeyRow = { key_id: string; public_key: string }

const sql = loadSql(import.meta.url, ['known_keys', 'keep_keys'])

/** Minimum time between two look-ups of unknown keys at ticketing: a forged code may name any key. */
const ASK_AGAIN_MS = 2_000

export type CodeKeys = {
  /** True when one of our keys signed this code. An unknown key is fetched from ticketing and stored. */
  signed(code: TicketCode): Promise<boolean>
}

/**
 * Caches the public keys as parsed key objects: verifying a signature costs 60 to 120 µs of a pool thread, which is
 * most of a scan, and no I/O. They are also stored in check-in's own table, so that a door that starts while ticketing
 * is unavailable has them.
 */
export async function openCodeKeys(deps: Deps): Promise<CodeKeys> {
  const now_ms = deps.now_ms ?? Date.now
  const keys = new Map<string, KeyObject>()
  let asked_at_ms = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined
  const learn = (rows: readonly PublicKeyRow[]): void => {
    for (const { key_id, public_key } of rows) {
      if (!keys.has(key_id))
        keys.set(key_id, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: public_key }, format: 'jwk' }))
    }
  }
  const ask = async (): Promise<void> => {
    const rows = await deps.ticketing.code_keys({}).catch((cause: unknown) => {
      throw new RpcUnavailableError('ticketing cannot say which keys are ours', { cause })
    })
    learn(rows)
    asked_at_ms = now_ms()
    await deps.db.none(sql.keep_keys, {
      key_ids: rows.map((row) => row.key_id),
      public_keys: rows.map((row) => row.public_key),
    })
  }
  learn(await deps.db.many<PublicKeyRow>(sql.known_keys))
  return {
    signed: async (code) => {
      const key = keys.get(code.key_id)
      if (key !== undefined) return fits(key, code)
      if (now_ms() - asked_at_ms < ASK_AGAIN_MS) return false
      asking ??= ask().finally(() => {
        asking = undefined
      })
      await asking
      const learned = keys.get(code.key_id)
      return learned !== undefined && fits(learned, code)
    },
  }
}

function fits(key: KeyObject, code: TicketCode): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, code.signed, key, code.signature, (error, fit) => (error === null ? resolve(fit) : reject(error)))
  })
}
