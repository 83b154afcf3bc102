import { expect, test } from 'vitest'
import { drawPreview, type Preview } from './draw-preview.tsx'
import { PreviewCache } from './preview-cache.ts'

const PREVIEW: Preview = {
  title: 'The Tempest',
  genre: 'Theatre',
  when: 'Sat 12 Dec, 20:00',
  where: 'Playhouse, Vienna',
}
const PICTURE_BYTES = 1_000

/** Answers from a cache of `pictures` pictures, and how many were drawn. */
function counted(pictures: number) {
  const drawn: string[] = []
  const draw = async ({ title }: Preview): Promise<Uint8Array<ArrayBuffer>> => {
    drawn.push(title)
    await Promise.resolve()
    if (title === 'Broken') throw new Error('No such glyph')
    return new Uint8Array(PICTURE_BYTES).fill(drawn.length)
  }
  const cache = new PreviewCache({ draw, bytes_max: pictures * PICTURE_BYTES })
  const ask = (title: string, if_none_match: string | null = null, draft = false) =>
    cache.answer({ ...PREVIEW, title }, { if_none_match, draft })
  return { drawn, ask }
}

test('many who ask at once, and later ones, share one drawing; other words have another', async () => {
  const { drawn, ask } = counted(10)
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask('The Tempest')))
  const bodies = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())))
  expect(bodies.every((body) => body.equals(Buffer.alloc(PICTURE_BYTES, 1)))).toBe(true)
  expect((await ask('The Tempest')).headers.get('content-type')).toBe('image/png')
  expect(drawn).toEqual(['The Tempest'])
  const tags = [await ask('The Tempest'), await ask('Hamlet')].map((answer) => answer.headers.get('etag'))
  expect(new Set(tags).size).toBe(2)
  expect(drawn).toEqual(['The Tempest', 'Hamlet'])
})

test('who has the picture is told so without a drawing, whatever else they have', async () => {
  const tag = (await counted(10).ask('The Tempest')).headers.get('etag') ?? ''
  const { drawn, ask } = counted(10)
  for (const header of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const answer = await ask('The Tempest', header)
    expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', tag])
    expect(answer.headers.get('cache-control')).toBe('public, max-age=86400')
  }
  expect(drawn).toEqual([])
  expect((await ask('Hamlet', tag)).status).toBe(200)
})

test('no cache keeps the picture of a draft, also where it is known', async () => {
  const { ask } = counted(10)
  const drawn = await ask('The Tempest', null, true)
  const again = await ask('The Tempest', drawn.headers.get('etag'), true)
  expect([drawn.status, again.status]).toEqual([200, 304])
  for (const answer of [drawn, again]) expect(answer.headers.get('cache-control')).toBe('private, no-store')
  expect((await ask('The Tempest')).headers.get('cache-control')).toBe('public, max-age=86400')
})

test('the bytes in memory are bounded: the picture that was asked for longest ago is drawn again', async () => {
  const { drawn, ask } = counted(2)
  for (const title of ['A', 'B', 'A', 'C', 'A', 'B']) await ask(title)
  expect(drawn).toEqual(['A', 'B', 'C', 'B'])
  // More on their way at once than there is room for: everyone is answered.
  const answers = await Promise.all([...'DEFGH'].map((title) => ask(title)))
  for (const answer of answers) expect((await answer.arrayBuffer()).byteLength).toBe(PICTURE_BYTES)
})

test('a picture above the bound is answered and not kept; a drawing that failed is tried again', async () => {
  const { drawn, ask } = counted(0.5)
  for (const title of ['A', 'A']) expect((await (await ask(title)).arrayBuffer()).byteLength).toBe(PICTURE_BYTES)
  expect(drawn).toEqual(['A', 'A'])
  for (const title of ['Broken', 'Broken']) await expect(ask(title)).rejects.toThrow('No such glyph')
  expect(drawn).toHaveLength(4)
})

test('the real picture is a PNG of 1200 × 630', async () => {
  const picture = Buffer.from(await drawPreview(PREVIEW))
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1_200, 630])
})
