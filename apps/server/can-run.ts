/**
 * Run as another account: can it run the product from this checkout? `can-run.ts ROOT DATA_DIR` exits with 0, or names
 * the first path that it cannot read. Asking the kernel as that account sees ACLs and closed folders above too.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const SOURCES = ['apps', 'contexts', 'contracts', 'platform']
/** Their own check: packages by their first file, the web app's build is handed over when it is made. */
const SKIPPED = new Set(['node_modules', '.next'])

function checkSources(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) checkSources(path)
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
