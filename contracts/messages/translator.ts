import { IntlMessageFormat } from 'intl-messageformat'
import type { MessageArguments } from './arguments.ts'
import { flatten } from './flatten.ts'
import { LANGUAGES, type Language } from './languages.ts'

type Values<Key extends keyof MessageArguments> = MessageArguments[Key] extends null ? [] : [MessageArguments[Key]]

/** A message in the translator's language, with its values: `translate('calendar.order', { number })`. */
export type Translate = <Key extends keyof MessageArguments>(key: Key, ...values: Values<Key>) => string

const translators = new Map<Language, Translate>()

/** The translator of a language. Messages are parsed when they are first used, about 20 µs each. */
export function translator(language: Language): Translate {
  let translate = translators.get(language)
  if (translate === undefined) {
    translate = createTranslator(language)
    translators.set(language, translate)
  }
  return translate
}

function createTranslator(language: Language): Translate {
  const { formats, messages } = LANGUAGES[language]
  const texts = flatten(messages)
  const parsed = new Map<string, IntlMessageFormat>()
  return (key, ...[values]) => {
    let message = parsed.get(key)
    if (message === undefined) {
      const text = texts.get(key)
      // The `messages` check allows no language without it.
      if (text === undefined) throw new Error(`no message ${key} in ${language}`)
      message = new IntlMessageFormat(text, formats)
      parsed.set(key, message)
    }
    return String(message.format(values ?? {}))
  }
}
