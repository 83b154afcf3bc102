import { isBlank, textError } from '@tessera/contracts/plain-text'
import type { FieldError } from '@tessera/contracts/problems'

type TextRule = {
  /** Line breaks and tabs are allowed. */
  lines?: boolean
  /** Must not be blank. */
  filled?: boolean
}

/**
 * Text is plain text: stored as given and escaped where it is shown, never HTML. Refuses text that cannot be stored,
 * printed or shown as it is (`textError`).
 */
export function checkText(field_errors: FieldError[], pointer: string, text: string, rule: TextRule): void {
  const error = textError(text, { lines: rule.lines === true })
  if (error !== null) field_errors.push({ pointer, detail: error })
  else if (rule.filled === true && isBlank(text)) field_errors.push({ pointer, detail: 'must not be empty' })
}

/** Normalised for comparison by filters: case, width and surrounding space do not matter. */
export function filterKey(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}
