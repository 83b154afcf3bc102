/**
 * Run as another account: can it run the product from this checkout? `can-run.ts ROOT DATA_DIR` exits with 0, or names
 * the first path that it cannot read. Asking the kernel as that account sees ACLs and closed folders above too.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const SOURCES = ['apps', 'contexts', 'contracts', 'platform']
/** Packages have their own check, the web app's build is handed over; what else a build writes is not read when it runs. */
const SKIPPED = new Set(['node_modules', '.next', 'next-env.d.ts', 'tsconfig.tsbuildinfo'])

function checkSources(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (SKIPPED.has(entry.name)) continue
    if (entry.isDirectory()) checkSources(path)
    else if (entry.isFile()) accessSync(path, constants.R_OK)
  }
}

function checkPackages(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('@')) checkPackages(join(folder, name))
    else if (existsSync(join(folder, name, 'package.json')))
      accessSync(join(folder, name, 'package.json'), constants.R_OK)
    else if (!name.startsWith('.')) readdirSync(join(folder, name))
  }
}

const [root = '', data_dir = ''] = process.argv.slice(2)
try {
  accessSync(data_dir, constants.X_OK)
  for (const folder of SOURCES) checkSources(join(root, folder))
  checkPackages(join(root, 'node_modules'))
} catch (error) {
  process.stdout.write(error instanceof Error && 'path' in error ? String(error.path) : String(error))
  process.exitCode = 1
}
