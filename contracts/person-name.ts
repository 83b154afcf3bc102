import { isBlank, textError } from './plain-text.ts'

/** A name as it is shown: the two parts of it, or the one that a person has. */
export function fullName(person: { first_name: string | null; last_name: string | null }): string {
  return [person.first_name, person.last_name].filter(Boolean).join(' ')
}

const UNASSIGNED = /\p{Cn}/u

/**
 * A name as people write it: trimmed and NFC, in any script, with joiners, marks, quotes and emoji kept; empty when nothing
 * of it can be seen. Undefined when it has characters that no name has: controls, also of the writing direction, halves of
 * surrogate pairs, unassigned code points.
 */
export function normaliseName(typed: string): string | undefined {
  if (textError(typed, { lines: false }) !== null || UNASSIGNED.test(typed)) return undefined
  return isBlank(typed) ? '' : typed.trim().normalize('NFC')
}
