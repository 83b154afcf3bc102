import { readFileSync } from 'node:fs'

/** A named block of a `.sql` file, ready for the driver: `:name` became `$n`, in the order of `params`. */
export type Statement = {
  /** `file:block`, also the name of the prepared statement, so that it is planned once per connection. */
  name: string
  text: string
  params: readonly string[]
}

const BLOCK = /^-- @name ([a-z][a-z0-9_]*)\s*$/gm

/**
 * Loads the blocks of the `.sql` file beside the caller (`hold.ts` → `hold.sql`, or `file`). The names must be exactly
 * the file's blocks: a missing one is a typo, an additional one is dead SQL; both fail at start.
 */
export function loadSql<const Names extends readonly string[]>(
  importMetaUrl: string,
  names: Names,
  file?: string,
): Readonly<Record<Names[number], Statement>> {
  const url = new URL(file ?? importMetaUrl.replace(/^.*\//, '').replace(/\.ts$/, '.sql'), importMetaUrl)
  const blocks = parseSql(readFileSync(url, 'utf8'), url.pathname.split('/').slice(-2).join('/'))
  const statements: Partial<Record<string, Statement>> = {}
  for (const name of names) {
    const statement = blocks.get(name)
    if (statement === undefined) throw new Error(`${url.pathname} has no block "-- @name ${name}"`)
    statements[name] = statement
    blocks.delete(name)
  }
  if (blocks.size > 0) throw new Error(`${url.pathname} has unused blocks: ${[...blocks.keys()].join(', ')}`)
  return statements as Readonly<Record<Names[number], Statement>>
}

/** All named blocks of a file's text. */
export function parseSql(source: string, label: string): Map<string, Statement> {
  const blocks = new Map<string, Statement>()
  const marks = [...source.matchAll(BLOCK)]
  for (const [index, mark] of marks.entries()) {
    const name = mark[1] ?? ''
    const end = marks[index + 1]?.index ?? source.length
    if (blocks.has(name)) throw new Error(`${label} names the block ${name} twice`)
    blocks.set(name, compile(`${label}:${name}`, source.slice(mark.index + mark[0].length, end)))
  }
  return blocks
}

/** Turns `:name` into `$n`, except in casts (`::int`), strings, quoted names and comments. */
function compile(name: string, source: string): Statement {
  const params: string[] = []
  const text = source.replace(
    /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|::[a-z_]+|:([a-z_][a-z0-9_]*)/g,
    (match, param: string | undefined) => {
      if (match.startsWith('--')) return ''
      if (param === undefined) return match
      const known = params.indexOf(param)
      if (known >= 0) return `$${known + 1}`
      params.push(param)
      return `$${params.length}`
    },
  )
  return { name: shortName(name), text: text.trim(), params }
}

/** PostgreSQL keeps 63 bytes of a statement's name; names differ at the end. */
function shortName(name: string): string {
  return name.length <= 60 ? name : name.slice(-60)
}
