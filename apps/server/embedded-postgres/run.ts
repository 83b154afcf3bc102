import { spawn } from 'node:child_process'

export type Account = { uid: number; gid: number }

/** The account of a program: an empty object is that of this process. */
export type User = Account | Record<string, never>

export type Finished = { code: number | null; output: string }

const OUTPUT_CHARS_MAX = 16_000

/** Runs a program to its end as `user`; never throws: a program that cannot be started finishes with code null. */
export function run(program: string, args: string[], user: User): Promise<Finished> {
  return new Promise((resolve) => {
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX)
    }
    const child = spawn(program, args, {
      ...user,
      env: cleanEnvironment(),
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output: output.trim() }))
  })
}

/** English messages (we search them), UTC, and none of the PG* variables of the user's own PostgreSQL. */
export function cleanEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}
