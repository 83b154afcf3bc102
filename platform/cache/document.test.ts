import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Document, documentOf, jsonDocument } from './document.ts'
import { namesTag, sendDocument } from './send-document.ts'

const value = { items: Array.from({ length: 100 }, (_, n) => ({ n, title: `Événement ${n}` })) }
const large = () => jsonDocument(value, { cache_control: 'public, no-cache' })

function ask(document: Document, headers: Record<string, string> = {}) {
  const { status, body, headers: sent } = sendDocument({ headers }, document)
  return { status, body: body as Buffer, headers: sent ?? {} }
}

test('each encoding decodes to the same bytes and has a strong tag of its own', async () => {
  const document = await large()
  const plain = ask(document)
  const br = ask(document, { 'accept-encoding': 'gzip, deflate, br, zstd' })
  const gz = ask(document, { 'accept-encoding': 'gzip' })
  expect(JSON.parse(plain.body.toString())).toEqual(value)
  expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
  expect(gunzipSync(gz.body).equals(plain.body)).toBe(true)
  expect(br.headers).toMatchObject({
    'content-encoding': 'br',
    vary: 'accept-encoding',
    'content-type': 'application/json; charset=utf-8',
  })
  expect(new Set([plain, br, gz].map((sent) => sent.headers.etag)).size).toBe(3)
  expect(plain.headers['content-encoding']).toBeUndefined()
})

test('weights decide, 0 excludes, unknown encodings fall back to the plain bytes', async () => {
  const document = await large()
  const coding = (header: string) =>
    ask(document, { 'accept-encoding': header }).headers['content-encoding'] ?? 'identity'
  expect(coding('gzip;q=1.0, br;q=0.5')).toBe('gzip')
  expect(coding('br;q=0, gzip')).toBe('gzip')
  expect(coding('zstd')).toBe('identity')
  expect(coding('*')).toBe('br')
  expect(coding('identity, gzip;q=0.1')).toBe('identity')
  expect(coding('gzip;q=oops')).toBe('identity')
  expect(coding('')).toBe('identity')
})

test('304 for the document in any form, with the validators and no body', async () => {
  const document = await large()
  const { etag } = ask(document, { 'accept-encoding': 'br' }).headers
  for (const seen of [
    etag as string,
    `"${document.tag}"`,
    `W/"${document.tag}.gzip"`,
    `"other", "${document.tag}"`,
    '*',
  ]) {
    const again = ask(document, { 'accept-encoding': 'br', 'if-none-match': seen })
    expect(again.status).toBe(304)
    expect(again.body).toBeUndefined()
    expect(again.headers).toMatchObject({ etag, 'cache-control': 'public, no-cache' })
  }
  expect(ask(document, { 'if-none-match': '"other"' }).status).toBe(200)
})

test('small documents are not compressed; a version in the tag can be read back', async () => {
  const document = await jsonDocument({ a: 1 }, { cache_control: 'no-cache', tag_prefix: '7.' })
  expect(Object.keys(document.forms)).toEqual(['identity'])
  expect(document.tag.startsWith('7.')).toBe(true)
  expect(ask(document, { 'accept-encoding': 'br' }).headers.vary).toBeUndefined()
  expect(namesTag(`"${document.tag}"`, document.tag)).toBe(true)
})

test('one answer object serves every request: nothing is made per request', async () => {
  const document = await large()
  const call = { headers: { 'accept-encoding': 'br' } }
  expect(sendDocument(call, document)).toBe(sendDocument(call, document))
})

test('bytes that are compressed already are used as they are', () => {
  const document = documentOf({
    body: Buffer.from('abc'),
    br: Buffer.from('br'),
    content_type: 'text/plain',
    cache_control: 'no-cache',
  })
  expect(ask(document, { 'accept-encoding': 'br' }).body.toString()).toBe('br')
  expect(ask(document, { 'accept-encoding': 'gzip' }).body.toString()).toBe('abc')
  expect(document.bytes).toBe(5)
})
