import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Preview } from './draw-preview.tsx'

type Asked = { if_none_match: string | null; draft: boolean }
type Draw = (preview: Preview) => Promise<Uint8Array<ArrayBuffer>>

/** Goes up with every change of the drawing: browsers and caches then no longer take an earlier picture for this one. */
const DRAWING = 2
const DAY_S = 86_400

/**
 * Answers with pictures, each drawn once for everyone who asks for the same words; `bytes_max` bounds those that are drawn
 * and in memory. The hash of the words is the tag: who has the picture already is told so without a drawing.
 */
export class PreviewCache {
  readonly #pictures: LRUCache<string, Uint8Array<ArrayBuffer>, Preview>

  constructor({ draw, bytes_max }: { draw: Draw; bytes_max: number }) {
    this.#pictures = new LRUCache({
      maxSize: bytes_max,
      sizeCalculation: (picture) => Math.max(1, picture.byteLength),
      fetchMethod: (_key, _stale, { context }) => draw(context),
      // A picture on its way that leaves the cache is still the answer for those who wait for it.
      ignoreFetchAbort: true,
    })
  }

  /**
   * `if_none_match` is the header as it came. The picture of a `draft` is for whoever may see that, and no cache keeps it. A
   * drawing that fails fails for those who wait for it, and is tried again.
   */
  async answer(preview: Preview, { if_none_match, draft }: Asked): Promise<Response> {
    const key = keyOf(preview)
    const headers = { etag: `"${key}"`, 'cache-control': draft ? 'private, no-store' : `public, max-age=${DAY_S}` }
    if (names(if_none_match, key)) return new Response(null, { status: 304, headers })
    const picture = await this.#pictures.forceFetch(key, { context: preview })
    return new Response(picture, { headers: { ...headers, 'content-type': 'image/png' } })
  }
}

function keyOf({ title, genre, when, where }: Preview): string {
  return createHash('sha256')
    .update(JSON.stringify([DRAWING, title, genre, when, where]))
    .digest('base64url')
}

/** Weak comparison, as RFC 9110 wants for this header. */
function names(if_none_match: string | null, key: string): boolean {
  const tags = (if_none_match ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(`"${key}"`)
}
