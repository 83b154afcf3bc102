import type { FieldError } from './field-error.ts'

type TextRule = {
  /** Line breaks and tabs are allowed. */
  lines?: boolean
  /** Must not be blank. */
  filled?: boolean
}

/**
 * Text is plain text: stored as given and escaped where it is shown, never HTML. Refuses text that cannot be stored or
 * printed: halves of surrogate pairs, NUL and other control characters.
 */
export function checkText(field_errors: FieldError[], pointer: string, text: string, rule: TextRule): void {
  if (!text.isWellFormed()) field_errors.push({ pointer, detail: 'holds half of a character (a lone surrogate)' })
  else if (hasControl(text, rule.lines === true)) field_errors.push({ pointer, detail: 'holds control characters' })
  else if (rule.filled === true && text.trim() === '') field_errors.push({ pointer, detail: 'must not be empty' })
}

/** Normalised for comparison by filters: case, width and surrounding space do not matter. */
export function filterKey(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}

function hasControl(text: string, lines: boolean): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 127 || (code < 32 && !(lines && (code === 9 || code === 10 || code === 13)))) return true
  }
  return false
}
