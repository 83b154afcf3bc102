export { BoundedCache, type BoundedCacheOptions } from './bounded-cache.ts'
export { type Document, type DocumentSource, documentOf, jsonDocument, tagOf } from './document.ts'
export { opaqueTags, sendDocument } from './send-document.ts'
