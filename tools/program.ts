import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './tree.ts'

export type Ended = { code: number; output: string }

/** Runs a program of node_modules/.bin to its end; its output is kept, in the order it came. */
export function program(name: string, args: readonly string[], folder = root): Promise<Ended> {
  return ended(join(root, 'node_modules/.bin', name), args, folder)
}

function ended(file: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stderr.on('data', (part: Buffer) => parts.push(part))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(parts).toString() }))
  })
}

/** The lines of an output that say something. */
export function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line.trim() !== '')
}
