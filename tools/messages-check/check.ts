import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flatten, type NestedMessages } from '@tessera/contracts/messages/flatten'
import { LANGUAGES } from '@tessera/contracts/messages/languages'
import type { Verdict } from '../check.ts'
import { root } from '../tree.ts'
import { argumentsOf } from './message-arguments.ts'

const FOLDER = 'contracts/messages'
const SOURCE = 'en'

/** Every language has the messages of English, with the same arguments, and is registered. */
export async function checkMessages(): Promise<Verdict> {
  const texts = languageFiles(root)
  return {
    complaints: [...catalogueComplaints(texts), ...registryComplaints(texts, LANGUAGES)],
    looked_at: `${texts.size} languages`,
  }
}

/** The catalogue's files in a tree, by language. */
export function languageFiles(tree: string): Map<string, string> {
  const names = readdirSync(join(tree, FOLDER)).filter((name) => name.endsWith('.json'))
  return new Map(names.map((name) => [name.slice(0, -'.json'.length), readFileSync(join(tree, FOLDER, name), 'utf8')]))
}

/** What is wrong in the files of a catalogue, by language. */
export function catalogueComplaints(texts: ReadonlyMap<string, string>): string[] {
  const source = messagesIn(texts.get(SOURCE) ?? '{}')
  if (source.size === 0) return [`${FOLDER}/${SOURCE}.json has no messages`]
  return [...texts].flatMap(([language, text]) => {
    const at = `${FOLDER}/${language}.json`
    const messages = messagesIn(text)
    return [
      ...[...source.keys()].filter((key) => !messages.has(key)).map((key) => `${at}: ${key} is missing`),
      ...[...messages].flatMap(([key, message]) =>
        messageComplaints(message, source.get(key)).map((complaint) => `${at}: ${key} ${complaint}`),
      ),
    ]
  })
}

/** A file that no language is registered with, or that another language's registration uses. */
export function registryComplaints(
  texts: ReadonlyMap<string, string>,
  registered: Readonly<Record<string, { messages: NestedMessages }>>,
): string[] {
  return [...texts]
    .filter(([language, text]) => JSON.stringify(registered[language]?.messages) !== JSON.stringify(JSON.parse(text)))
    .map(([language]) => `${FOLDER}/${language}.json is not what languages.ts registers as ${language}`)
}

function messagesIn(text: string): Map<string, string> {
  return flatten(JSON.parse(text) as NestedMessages)
}

function messageComplaints(message: string, source: string | undefined): string[] {
  if (source === undefined) return ['is not in English']
  if (message.trim() === '') return ['is empty']
  try {
    const [expected, found] = [source, message].map((text) => describe(argumentsOf(text)))
    return expected === found ? [] : [`takes ${found}, in English ${expected}`]
  } catch (error) {
    return [`is malformed: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function describe(values: ReadonlyMap<string, string>): string {
  return values.size === 0 ? 'nothing' : [...values].map(([name, kind]) => `${name}: ${kind}`).join(', ')
}
