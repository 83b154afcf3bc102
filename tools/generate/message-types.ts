import { flatten } from '@tessera/contracts/messages/flatten'
import { LANGUAGES } from '@tessera/contracts/messages/languages'
import { argumentsOf } from '../messages-check/message-arguments.ts'

/** The type of every message's values, so that a call that gives others does not compile. */
export function messageTypes(): string {
  const lines = [...flatten(LANGUAGES.en.messages)].map(([key, message]) => {
    const values = [...argumentsOf(message)].map(([name, kind]) => `${name}: ${kind}`)
    return `  '${key}': ${values.length === 0 ? 'null' : `{ ${values.join('; ')} }`}`
  })
  return [
    '/** Generated from en.json by `npm run generate`: the values that each message takes. */',
    'export type MessageArguments = {',
    ...lines,
    '}',
    '',
  ].join('\n')
}
