/** The characters of the font that `next/og` brings: Latin, Vietnamese, Cyrillic, punctuation. */
const IN_FONT =
  /^[\x20-\x7e\xa0-\xac\xae-\u0113\u0116-\u012b\u012e-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u014d\u0150-\u017e\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u0400-\u045f\u0490-\u0493\u1e9e\u1ea0-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2039\u203a\u20ac\u2122]$/u
/** Without these a line would say something else. Joiners and variation selectors only shape their neighbours. */
const SIGNIFICANT = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}]/u

/** The text without the symbols that the font lacks; empty when it lacks a letter, a mark or a digit. */
export function drawable(text: string): string {
  const characters = Array.from(text.normalize('NFC'))
  const missing = characters.filter((character) => !IN_FONT.test(character))
  if (missing.some((character) => SIGNIFICANT.test(character))) return ''
  return characters
    .filter((character) => IN_FONT.test(character))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}
