/** Where in the body, as a JSON Pointer, and what is wrong there. */
export type Complaint = { pointer: string; detail: string }

/** The refusal of values that are well-formed and cannot be accepted. */
export type InvalidInput = { kind: 'invalid-input'; errors: Complaint[] }

export function invalidInput(errors: Complaint[]): InvalidInput {
  return { kind: 'invalid-input', errors }
}
