/** Messages nested by subject, as the JSON files have them. */
export type NestedMessages = { readonly [name: string]: string | NestedMessages }

/** Messages by their whole key: `ticket.row`. */
export function flatten(messages: NestedMessages, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([name, value]) =>
      typeof value === 'string' ? [[prefix + name, value] as const] : [...flatten(value, `${prefix}${name}.`)],
    ),
  )
}
