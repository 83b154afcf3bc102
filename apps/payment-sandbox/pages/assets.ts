import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'

/** Style, script, mark and fonts, from this folder and from the packages that carry the fonts. */
export async function assetRoutes(app: FastifyInstance): Promise<void> {
  for (const [name, type, url] of ASSETS) {
    const bytes = await readFile(fileURLToPath(url)).catch(() => null)
    // Without the fonts the pages use the system's.
    if (bytes === null) continue
    const age = type === 'font/woff2' ? 'public, max-age=31536000, immutable' : 'no-cache'
    app.get(`/assets/${name}`, (_request, reply) =>
      reply.type(type).header('cache-control', age).header('x-content-type-options', 'nosniff').send(bytes),
    )
  }
}

const here = (name: string): URL => new URL(name, import.meta.url)
const font = (name: string): URL => new URL(`../../../node_modules/@fontsource-variable/${name}.woff2`, import.meta.url)
const ASSETS: readonly (readonly [string, string, URL])[] = [
  ['pay.css', 'text/css; charset=utf-8', here('pay.css')],
  ['pay.js', 'text/javascript; charset=utf-8', here('pay.js')],
  ['mark.svg', 'image/svg+xml', here('mark.svg')],
  ['geist.woff2', 'font/woff2', font('geist/files/geist-latin-wght-normal')],
  ['geist-ext.woff2', 'font/woff2', font('geist/files/geist-latin-ext-wght-normal')],
  ['bricolage.woff2', 'font/woff2', font('bricolage-grotesque/files/bricolage-grotesque-latin-wdth-normal')],
  ['bricolage-ext.woff2', 'font/woff2', font('bricolage-grotesque/files/bricolage-grotesque-latin-ext-wdth-normal')],
]
