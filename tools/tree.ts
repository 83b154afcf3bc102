import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The repository's own folder. */
export const root = join(import.meta.dirname, '..')

const NOT_OURS = new Set(['.git', 'node_modules', '.next', '.tessera', 'coverage', 'test-results'])

/** Every file that is ours, as paths from the root, sorted; what is made or installed is not. */
export function files(folder = '.'): string[] {
  const found: string[] = []
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name)) continue
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) found.push(...files(path))
    else if (entry.isFile() && !/\.(tsbuildinfo|log)$/.test(path)) found.push(path)
  }
  return found.sort()
}

/** A file's text, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
