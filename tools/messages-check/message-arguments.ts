import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'

export type ArgumentKind = 'string' | 'number' | 'Date'

/** The arguments of an ICU message by name. Throws where the message is malformed, or uses one argument as two kinds. */
export function argumentsOf(message: string): Map<string, ArgumentKind> {
  const found = new Map<string, ArgumentKind>()
  collect(parse(message), found)
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function collect(elements: readonly MessageFormatElement[], found: Map<string, ArgumentKind>): void {
  const note = (name: string, kind: ArgumentKind): void => {
    if ((found.get(name) ?? kind) !== kind) throw new Error(`{${name}} is a ${found.get(name)} and a ${kind}`)
    found.set(name, kind)
  }
  for (const element of elements) {
    switch (element.type) {
      case TYPE.literal:
      case TYPE.pound:
        break
      case TYPE.argument:
        note(element.value, 'string')
        break
      case TYPE.number:
        note(element.value, 'number')
        break
      case TYPE.date:
      case TYPE.time:
        note(element.value, 'Date')
        break
      case TYPE.select:
      case TYPE.plural:
        note(element.value, element.type === TYPE.plural ? 'number' : 'string')
        for (const option of Object.values(element.options)) collect(option.value, found)
        break
      case TYPE.tag:
        throw new Error(`<${element.value}> is a tag, and messages are plain text`)
    }
  }
}
