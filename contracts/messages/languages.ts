import de from './de.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }

/**
 * Every language of the message catalogue, by its BCP 47 tag: its messages, which are as complete as the English ones,
 * and the locale that its dates and numbers are formatted in.
 */
export const LANGUAGES = {
  de: { formats: 'de', messages: de },
  en: { formats: 'en-GB', messages: en },
} satisfies Record<string, { formats: string; messages: typeof en }>

export type Language = keyof typeof LANGUAGES

/** Used where no other language is asked for, or none that there is. */
export const DEFAULT_LANGUAGE = 'en' satisfies Language

export const LANGUAGE_TAGS = Object.keys(LANGUAGES) as readonly Language[]
