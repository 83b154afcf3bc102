import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import setUp from '../test-setup.ts'
import { root } from '../tree.ts'
import { generatedPages } from './pages.ts'

/** `npm run generate`: writes what is derived from code, so that a change of it shows in the diff. */
const tearDown = await setUp()
try {
  for (const [path, text] of await generatedPages()) {
    const file = join(root, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    process.stdout.write(`${path}\n`)
  }
} finally {
  await tearDown?.()
}
