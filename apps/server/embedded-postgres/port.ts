import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { EmbeddedPostgresError } from './problem.ts'

/** Below the range of ephemeral ports, so that a stored port is rarely taken. */
const FIRST = 20_000
const LAST = 31_999
const TRIES_MAX = 100

/** Without a host: on every address of this machine. */
export function portIsFree(port: number, host?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true }, () =>
      server.close(() => resolve(true)),
    )
  })
}

/** A free port on 127.0.0.1. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1))
    if (await portIsFree(port, '127.0.0.1')) return port
  }
  throw new Error(`No free port on 127.0.0.1 in ${TRIES_MAX} tries between ${FIRST} and ${LAST}`)
}

/** The requested port, otherwise the stored one, otherwise a new one, which is stored in `file`. */
export async function keptPort(file: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await portIsFree(wanted, '127.0.0.1')) return keep(file, wanted)
    throw new EmbeddedPostgresError(
      'port-in-use',
      `Port ${wanted} on 127.0.0.1, asked for the embedded PostgreSQL, is taken by another program. Stop it or ask for another port.`,
    )
  }
  const kept = await rememberedPort(file)
  if (kept !== null && (await portIsFree(kept, '127.0.0.1'))) return kept
  return keep(file, await freePort())
}

async function keep(file: string, port: number): Promise<number> {
  await writeFile(file, `${port}\n`)
  return port
}

export async function rememberedPort(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const port = Number(text.trim())
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}
