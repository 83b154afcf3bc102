/**
 * What text that one person writes and others read may hold. A rule of its own for names and titles would miss the next
 * field: all of them use this one.
 */

const CONTROL = /[\p{Cc}\u2028\u2029]/u
/** Line breaks and tabs are part of a longer text. */
const CONTROL_BUT_LINES = /(?![\t\n\r])\p{Cc}/u
/**
 * Embeddings, overrides and isolates: they show a text in another order than it is stored, and one that is not closed
 * reorders what follows it (`\u202e` makes “12 A” of “A 21”). Names have none (RFC 8264, FreeformClass). The marks U+200E,
 * U+200F and U+061C, which right-to-left text needs and which reach no further than their neighbours, are allowed.
 */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/u
/**
 * Not visible, although no property says so: the braille pattern without a dot, controls of annotations, controls and blanks
 * of hieroglyphs, the filler of the Khitan script, the musical notehead that is none.
 */
const VISIBLE =
  /[^\u2800\ufff9-\ufffb\u{13430}-\u{13442}\u{16fe4}\u{1d159}\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}]/u

/** Why this text cannot be stored, printed or shown as it is; null when it can. `lines`: line breaks and tabs are allowed. */
export function textError(text: string, { lines }: { lines: boolean }): string | null {
  if (!text.isWellFormed()) return 'holds half of a character (a lone surrogate)'
  if ((lines ? CONTROL_BUT_LINES : CONTROL).test(text)) return 'holds control characters'
  if (DIRECTION.test(text))
    return 'holds invisible controls of the writing direction (U+202A to U+202E, U+2066 to U+2069)'
  return null
}

/** True when nobody can see anything of this text: it is empty, or white space and invisible characters only. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text)
}
