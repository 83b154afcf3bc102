const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is HTML already and is not escaped again. */
export type Html = { readonly html: string }
type Piece = Html | string | number | null | readonly Html[]

/** A template whose values are escaped, unless they are HTML themselves; null is nothing. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { html: strings.reduce((text, next, index) => text + write(pieces[index - 1] ?? null) + next) }
}

function write(piece: Piece): string {
  if (piece === null) return ''
  if (typeof piece === 'string' || typeof piece === 'number') {
    return String(piece).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
  }
  return 'html' in piece ? piece.html : piece.map((each) => each.html).join('')
}
