/** The direction of each piece of a line, after a small part of UAX #9: enough for names, titles and addresses. */

export type Strong = 'left' | 'right' | 'neutral'

const RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u
const LEFT = /[\p{L}\p{N}]/u

/** Letters and digits lead the way they are written; spaces, punctuation and pictures follow their neighbours. */
export function strongOf(cluster: string): Strong {
  if (RIGHT.test(cluster)) return 'right'
  return LEFT.test(cluster) ? 'left' : 'neutral'
}

/** Embedding levels: even runs left to right. Neutrals between two of one direction follow them, others the line. */
export function levelsOf(strengths: readonly Strong[]): number[] {
  const base: Strong = strengths.find((strong) => strong !== 'neutral') ?? 'left'
  const levels = { left: base === 'right' ? 2 : 0, right: 1, neutral: base === 'right' ? 1 : 0 }
  return strengths.map((strong, index) => {
    if (strong !== 'neutral') return levels[strong]
    const before = strengths.slice(0, index).findLast((one) => one !== 'neutral') ?? base
    const after = strengths.slice(index + 1).find((one) => one !== 'neutral') ?? base
    return levels[before === after ? before : base]
  })
}

/** Pieces in the order in which they stand on the page, from the left (rule L2). */
export function visualOrder<Piece extends { level: number }>(pieces: readonly Piece[]): Piece[] {
  const ordered = [...pieces]
  const highest = Math.max(0, ...pieces.map((piece) => piece.level))
  for (let level = highest; level > 0; level--) {
    for (let start = 0; start < ordered.length; start++) {
      let end = start
      while ((ordered[end]?.level ?? -1) >= level) end++
      if (end > start) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse())
      start = end
    }
  }
  return ordered
}
