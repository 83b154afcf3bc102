/** Where in the body, as a JSON Pointer, and what is wrong there. */
export type FieldError = { pointer: string; detail: string }

/** The refusal of values that are well-formed and cannot be accepted. */
export type InvalidInput = { kind: 'invalid-input'; errors: FieldError[] }

export function invalidInput(errors: FieldError[]): InvalidInput {
  return { kind: 'invalid-input', errors }
}
