import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { program } from '../program.ts'

/** Where the web app has it. */
const FOLDER = 'apps/web/api/generated'
/** The client's own folders; the types and the functions of the operations are checked. */
const UNCHECKED = '// @ts-nocheck the generator does not write for exactOptionalPropertyTypes'
const PLUGINS = ['@hey-api/typescript', '@hey-api/sdk']

/** The web app's client of the API, from the OpenAPI document: the types and one function for every operation. */
export async function webClient(openapi: string): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-client-'))
  try {
    const input = join(folder, 'openapi.json')
    await writeFile(input, openapi)
    const output = join(folder, 'client')
    const options = ['--input', input, '--output', output, '--client', '@hey-api/client-fetch', '--no-log-file']
    const ended = await program('openapi-ts', [...options, '--plugins', ...PLUGINS])
    if (ended.code !== 0) throw new Error(`openapi-ts failed:\n${ended.output}`)
    const files = await readdir(output, { recursive: true, withFileTypes: true })
    const pages = files
      .filter((file) => file.isFile())
      .map(async (file): Promise<[string, string]> => {
        const path = join(file.parentPath, file.name)
        const name = relative(output, path)
        const text = withSuffixes(await readFile(path, 'utf8'))
        return [`${FOLDER}/${name}`, name.includes('/') ? `${UNCHECKED}\n${text}` : text]
      })
    return new Map((await Promise.all(pages)).sort(([a], [b]) => (a < b ? -1 : 1)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Modules are imported by the name of their file here. */
function withSuffixes(text: string): string {
  return text.replace(/(from '\.[^']*)\.js'/g, "$1.ts'")
}
