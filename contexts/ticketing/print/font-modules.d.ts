declare module 'wawoff2/decompress.js' {
  /** The plain font inside a WOFF2 file. */
  export default function decompress(woff2: Uint8Array): Promise<Uint8Array>
}

/** The package's own types describe its CommonJS build as if it were an ES module. */
declare module 'bidi-js/dist/bidi.mjs' {
  export default function bidiFactory(): import('bidi-js').Bidi
}
