import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program } from '../program.ts'

const FILE = 'types.gen.ts'

/** The web app's types of every operation, from the OpenAPI document. */
export async function webTypes(openapi: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-types-'))
  try {
    const input = join(folder, 'openapi.json')
    await writeFile(input, openapi)
    const output = join(folder, 'types')
    const options = ['--input', input, '--output', output, '--plugins', '@hey-api/typescript', '--no-log-file']
    const ended = await program('openapi-ts', options)
    if (ended.code !== 0) throw new Error(`openapi-ts failed:\n${ended.output}`)
    return await readFile(join(output, FILE), 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
