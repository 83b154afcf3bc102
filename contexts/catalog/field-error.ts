/** A position in the body, as a JSON Pointer, and the error there. */
export type FieldError = { pointer: string; detail: string }

/** Refuses values that are well-formed and unacceptable. */
export type InvalidInput = { kind: 'invalid-input'; errors: FieldError[] }

export function invalidInput(errors: FieldError[]): InvalidInput {
  return { kind: 'invalid-input', errors }
}
