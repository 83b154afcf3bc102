import { readFile } from 'node:fs/promises'
import { PROBLEMS, type ProblemSlug } from '@tessera/contracts/problems'
import type { FastifyInstance } from 'fastify'

const FOLDER = new URL('../../docs/problems/', import.meta.url)

/** `/problems/<slug>`: the page of a problem's `type`, from docs/problems. */
export function problemPages(fastify: FastifyInstance): void {
  fastify.get<{ Params: { slug: string } }>('/problems/:slug', { schema: { hide: true } }, async (request, reply) => {
    const { slug } = request.params
    if (!Object.hasOwn(PROBLEMS, slug)) return reply.callNotFound()
    const { status, title } = PROBLEMS[slug as ProblemSlug]
    const text = await readFile(new URL(`${slug}.md`, FOLDER), 'utf8')
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
      .send(pageOf(status, title, text))
  })
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function pageOf(status: number, title: string, markdown: string): string {
  const paragraphs = markdown
    .split(/\n{2,}/)
    .filter((part) => !part.startsWith('# '))
    .map((part) => `<p>${part.replace(/[&<>]/g, (c) => escapes[c] ?? c).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>body{font:17px/1.6 system-ui;max-width:38rem;margin:4rem auto;padding:0 1.5rem;background:#fbfaf7;color:#171512}code{background:#f0ece5;padding:.1em .3em;border-radius:4px}small{color:#625b52}</style><main><small>${status}</small><h1>${title}</h1>${paragraphs.join('')}</main>`
}
