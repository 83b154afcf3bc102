import type { FieldError } from '@tessera/contracts/problems'

/** Refuses values that are well-formed and unacceptable. */
export type InvalidInput = { kind: 'invalid-input'; errors: FieldError[] }

export function invalidInput(errors: FieldError[]): InvalidInput {
  return { kind: 'invalid-input', errors }
}
