import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Change } from './objects.ts'
import { type Packed, pack, unpack } from './pack.ts'

const COMPACT_AT_BYTES = 512 * 1024 * 1024
const COMPACT_LINE_CHANGES = 500
const READ_BYTES = 4 * 1024 * 1024

/**
 * The write-ahead file: one line of JSON per request, the array of all its changes, so that a line torn by a crash
 * undoes the request whole. Three modes:
 * - idle: nothing is waiting;
 * - writing: one write + fdatasync is under way, what is appended meanwhile forms the next group (group commit);
 * - compacting: the living state is written to a new file that takes the old one's name. Appends wait in the group and
 *   land in the new file. Changes are whole values, so a state walked while it changes is repaired by those appends.
 */
export class Journal {
  readonly #path: string
  readonly #snapshot: () => Iterable<Change>
  readonly #onBroken: (error: unknown) => void
  #file: FileHandle | null = null
  #bytes = 0
  #compactNext = false
  #waiting = newGroup()
  /** The group being written; null when idle. */
  #writing: Group | null = null
  #broken: unknown = null
  #closed = false

  /**
   * @param snapshot the changes that make the present state, walked when the file is compacted
   * @param onBroken called once when the disk refuses: from then on nothing can be acknowledged any more
   */
  constructor(path: string, snapshot: () => Iterable<Change>, onBroken: (error: unknown) => void) {
    this.#path = path
    this.#snapshot = snapshot
    this.#onBroken = onBroken
  }

  /** Hands every whole line to `apply`, then compacts and opens the file for appending. */
  async load(apply: (change: Change) => void): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true })
    const existing = await open(this.#path, 'a+')
    await existing.close()
    for await (const line of linesOf(this.#path)) for (const change of changesOf(line)) apply(change)
    await this.#compact()
  }

  append(changes: readonly Change[]): void {
    if (this.#closed) throw new Error('The journal is closed')
    if (this.#broken !== null) throw new Error('The journal cannot be written any more', { cause: this.#broken })
    this.#waiting.lines.push(`${JSON.stringify(changes.map(pack))}\n`)
    if (this.#writing === null) void this.#run()
  }

  /** Resolves when all that has been appended so far is on the disk. */
  async durable(): Promise<void> {
    await (this.#waiting.lines.length > 0 ? this.#waiting.written : this.#writing?.written)
  }

  /** Forgets the past: the file is written anew from the present state. */
  async rewrite(): Promise<void> {
    this.#compactNext = true
    this.append([])
    await this.durable()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.durable()
    await this.#file?.close()
    this.#file = null
  }

  async #run(): Promise<void> {
    this.#writing = this.#waiting
    // Let every request of this turn of the event loop join the first group.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#waiting.lines.length > 0) {
      const group = this.#waiting
      this.#waiting = newGroup()
      this.#writing = group
      try {
        if (this.#compactNext || this.#bytes >= COMPACT_AT_BYTES) await this.#compact()
        await this.#write(group.lines.join(''))
        group.settle(null)
      } catch (error) {
        this.#broken = error
        group.settle(error)
        this.#waiting.settle(error)
        this.#onBroken(error)
        return
      }
    }
    this.#writing = null
  }

  async #write(text: string): Promise<void> {
    if (this.#file === null) throw new Error('The journal is not open')
    const { bytesWritten } = await this.#file.write(text)
    await this.#file.datasync()
    this.#bytes += bytesWritten
  }

  async #compact(): Promise<void> {
    const path = `${this.#path}.new`
    await rm(path, { force: true })
    const file = await open(path, 'a')
    this.#bytes = 0
    this.#compactNext = false
    let changes: Packed[] = []
    for (const change of this.#snapshot()) {
      changes.push(pack(change))
      if (changes.length < COMPACT_LINE_CHANGES) continue
      await file.appendFile(`${JSON.stringify(changes)}\n`)
      changes = []
    }
    await file.appendFile(`${JSON.stringify(changes)}\n`)
    await file.sync()
    await rename(path, this.#path)
    await syncFolder(dirname(this.#path))
    await this.#file?.close()
    this.#file = file
  }
}

type Group = { lines: string[]; written: Promise<void>; settle: (error: unknown) => void }

function newGroup(): Group {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // A group that nobody waits for (webhook bookkeeping) must not end the process when the disk refuses.
  promise.catch(() => undefined)
  return { lines: [], written: promise, settle: (error) => (error === null ? resolve() : reject(error)) }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The whole lines of the file, and what is left after the last of them. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: READ_BYTES })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

/** Only the last line can be torn, by a crash in the middle of a write that was never acknowledged. */
function changesOf(line: string): Change[] {
  try {
    const packed: Packed[] = JSON.parse(line)
    return packed.map(unpack)
  } catch {
    return []
  }
}
