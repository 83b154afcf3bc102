import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import { bulkhead, isBulkheadRejectedError } from 'cockatiel'

/** The result of checking a password against a stored hash; `outdated` matches, but the hash should be replaced. */
export type PasswordCheck = 'fits' | 'outdated' | 'wrong' | 'saturated'

/** The source that a queued check counts against; a network around others has more `quotas`. */
type QueueSource = { source: string; quotas: number }

export type Passwords = {
  /** An argon2id hash in PHC string format; null when the queue is full, in total or for one of these sources. */
  hash(password: string, sources?: readonly QueueSource[]): Promise<string | null>
  /**
   * Checks a password against an argon2id or imported bcrypt hash. `null` stands for an account that does not exist or
   * has no password: it takes as long and never matches.
   */
  verify(password: string, hash: string | null, sources?: readonly QueueSource[]): Promise<PasswordCheck>
}

export type PasswordOptions = {
  /**
   * Hashes computed at the same time. Each occupies a core and one of the four threads that files and signatures share.
   */
  concurrency_max?: number
  /** Queue length; beyond it the answer is `saturated`. */
  queue_max?: number
  /** Of one source, computed and queued. */
  source_max?: number
}

/** OWASP's argon2id minimum (Password Storage Cheat Sheet): 19 MiB, two passes, one lane: 17 ms on the reference machine. */
const COST = { memory_kib: 19_456, passes: 2, lanes: 1, salt_bytes: 16, tag_bytes: 32 }
/** Imported hashes may cost more than ours, within bounds. */
const MEMORY_KIB_MAX = 262_144
const PASSES_MAX = 16
const LANES_MAX = 8
const CONCURRENCY_MAX = 2
/** 300 queued at 17 ms, two at a time, is 2.6 s: less than any client's patience. */
const QUEUE_MAX = 300
/** A third of the queue: a guessing source leaves room for others. */
const SOURCE_MAX = 100
/** The network around a source, whose quota is larger: two thirds of the queue at most. */
const NETWORK_SHARES = 2
/** For work that no request asked for: seeds and tools. */
const OURS: readonly QueueSource[] = []
/** bcrypt ignores the rest; a longer password may match by its beginning alone. */
const BCRYPT_BYTES_MAX = 72

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/
const BCRYPT = /^\$2[abxy]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/
const argon2Async = promisify(argon2)

/** Hashes and checks passwords, a bounded number at once, so that a burst of log-ins leaves capacity for other work. */
export function createPasswords(options: PasswordOptions = {}): Passwords {
  const guard = bulkhead(options.concurrency_max ?? CONCURRENCY_MAX, options.queue_max ?? QUEUE_MAX)
  const source_max = options.source_max ?? SOURCE_MAX
  const under_way = new Map<string, number>()
  const count = (source: string, change: number): number => {
    const now = (under_way.get(source) ?? 0) + change
    if (now === 0) under_way.delete(source)
    else under_way.set(source, now)
    return now
  }
  const bounded = async <T, Full>(
    sources: readonly QueueSource[],
    work: () => Promise<T>,
    full: Full,
  ): Promise<T | Full> => {
    try {
      let fits = true
      for (const { source, quotas } of sources) {
        if (count(source, 1) > source_max * Math.min(quotas, NETWORK_SHARES)) fits = false
      }
      return fits ? await guard.execute(work) : full
    } catch (error) {
      if (isBulkheadRejectedError(error)) return full
      throw error
    } finally {
      for (const { source } of sources) count(source, -1)
    }
  }
  return {
    hash: (password, sources = OURS) => bounded(sources, () => hashArgon2(password), null),
    verify: (password, hash, sources = OURS) =>
      bounded<PasswordCheck, 'saturated'>(sources, () => check(password, hash), 'saturated'),
  }
}

type Argon2Hash = { memory_kib: number; passes: number; lanes: number; salt: Buffer; tag: Buffer }

/** Costs as much as checking one of our own hashes, and never matches. */
const NOBODY: Argon2Hash = {
  memory_kib: COST.memory_kib,
  passes: COST.passes,
  lanes: COST.lanes,
  salt: randomBytes(COST.salt_bytes),
  tag: randomBytes(COST.tag_bytes),
}

async function hashArgon2(password: string): Promise<string> {
  const salt = randomBytes(COST.salt_bytes)
  const shape = { memory_kib: COST.memory_kib, passes: COST.passes, lanes: COST.lanes, salt }
  const tag = await derive(password, shape, COST.tag_bytes)
  return `$argon2id$v=19$m=${COST.memory_kib},t=${COST.passes},p=${COST.lanes}$${unpadded(salt)}$${unpadded(tag)}`
}

async function check(password: string, hash: string | null): Promise<PasswordCheck> {
  if (hash !== null && BCRYPT.test(hash)) return checkBcrypt(password, hash)
  const known = hash === null ? NOBODY : parse(hash)
  const tag = await derive(password, known, known.tag.length)
  if (!timingSafeEqual(tag, known.tag) || known === NOBODY) return 'wrong'
  const current = known.memory_kib === COST.memory_kib && known.passes === COST.passes && known.lanes === COST.lanes
  return current && known.tag.length === COST.tag_bytes ? 'fits' : 'outdated'
}

async function checkBcrypt(password: string, hash: string): Promise<PasswordCheck> {
  // C implementations end at a NUL: such a password would match by its beginning.
  if (password.includes('\0') || !(await verifyBcrypt(password, hash))) return 'wrong'
  return Buffer.byteLength(password) > BCRYPT_BYTES_MAX ? 'fits' : 'outdated'
}

function parse(hash: string): Argon2Hash {
  const [, m, t, p, salt, tag] = PHC.exec(hash) ?? []
  const parsed = { memory_kib: Number(m), passes: Number(t), lanes: Number(p) }
  const sound =
    salt !== undefined &&
    tag !== undefined &&
    parsed.memory_kib <= MEMORY_KIB_MAX &&
    parsed.passes <= PASSES_MAX &&
    parsed.lanes <= LANES_MAX
  if (!sound) throw new Error('A stored password hash has a form that this version does not know')
  return { ...parsed, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') }
}

/** NFC first: different keyboards enter `é` as one character or as two. */
async function derive(password: string, cost: Omit<Argon2Hash, 'tag'>, tag_bytes: number): Promise<Buffer> {
  return argon2Async('argon2id', {
    message: password.normalize('NFC'),
    nonce: cost.salt,
    parallelism: cost.lanes,
    tagLength: tag_bytes,
    memory: cost.memory_kib,
    passes: cost.passes,
  })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
