import { isProblem } from './problem.ts'
import { problemText } from './problem-text.ts'

/** What went wrong with a form, for people; what is wrong with its fields stands at each of them (`fieldText`). */
export function formText(error: unknown): string {
  const at_fields = isProblem(error, 'invalid-input') && error.fields.length > 0
  return at_fields ? 'Not everything can be accepted yet. Look at the marked fields.' : problemText(error)
}

/** What is wrong with one field of a form, without its name, by its JSON pointer (`/email`); undefined when it is fine. */
export function fieldText(error: unknown, name: string): string | undefined {
  if (!isProblem(error)) return undefined
  return error.fields.find((field) => field.pointer === `/${name}` || field.pointer === name)?.detail
}
