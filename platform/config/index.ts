/** One environment variable: its meaning and its parser. */
export type Variable<Value> = {
  name: string
  meaning: string
  /** Shown in docs; the value when the variable is absent or empty. */
  default: Value
  default_text: string
  secret?: true
  /** The value, or a sentence that describes the error. */
  parse(text: string): { value: Value } | { wrong: string }
}

/** Invalid settings: one sentence each. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

type Values<Table extends Record<string, Variable<unknown>>> = {
  readonly [Key in keyof Table]: Table[Key] extends Variable<infer Value> ? Value : never
}

/** Reads every variable of the table, or throws with all errors at once. */
export function readConfig<const Table extends Record<string, Variable<unknown>>>(
  table: Table,
  env: Readonly<Record<string, string | undefined>>,
): Values<Table> {
  const wrong: string[] = []
  const values: Record<string, unknown> = {}
  for (const [key, variable] of Object.entries(table)) {
    const text = env[variable.name]
    const parsed = text === undefined || text === '' ? { value: variable.default } : variable.parse(text)
    if ('wrong' in parsed) wrong.push(`${variable.name}${variable.secret ? '' : `=${text}`} ${parsed.wrong}`)
    else values[key] = parsed.value
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'))
  return values as Values<Table>
}

type Facts<Value> = { name: string; meaning: string; default: Value; default_text?: string; secret?: true }

export function text<Value extends string | null>(facts: Facts<Value>): Variable<Value | string> {
  return {
    ...facts,
    default_text: facts.default_text ?? facts.default ?? 'absent',
    parse: (given) => ({ value: given }),
  }
}

export function whole<Value extends number | null>(
  facts: Facts<Value>,
  least: number,
  most: number,
): Variable<Value | number> {
  return {
    ...facts,
    default_text: facts.default_text ?? String(facts.default ?? 'absent'),
    parse: (given) => {
      const value = Number(given)
      const fits = Number.isInteger(value) && value >= least && value <= most
      return fits ? { value } : { wrong: `is not a whole number from ${least} to ${most}` }
    },
  }
}

export function url<Value extends string | null>(facts: Facts<Value>): Variable<Value | string> {
  return {
    ...facts,
    default_text: facts.default_text ?? facts.default ?? 'absent',
    parse: (given) => (URL.canParse(given) ? { value: given } : { wrong: 'is not a URL' }),
  }
}

/** `1`/`on`/`true` and `0`/`off`/`false`; a default of null is decided by other settings. */
export function flag<Value extends boolean | null>(facts: Facts<Value>): Variable<Value | boolean> {
  return {
    ...facts,
    default_text: facts.default_text ?? (facts.default ? 'on' : 'off'),
    parse: (given) => {
      if (/^(1|on|true|yes)$/i.test(given)) return { value: true }
      return /^(0|off|false|no)$/i.test(given) ? { value: false } : { wrong: 'is neither on nor off' }
    },
  }
}
