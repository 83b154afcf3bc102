import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { compose, migrateProduct, type Product } from './compose.ts'
import { isProduction, readSettings, type Settings } from './config.ts'
import { borrowEmbeddedPostgres, ownerUrl } from './embedded-postgres/index.ts'
import { checkInvariants } from './integrity.ts'

/** `npm run tessera -- COMMAND`: operators' commands, also beside a running server. */
const USAGE = `Usage: npm run tessera -- COMMAND

  migrate                      bring the database to today's shape
  admin EMAIL                  make that account an admin
  invariants                   check every invariant; exit 1 on a violation
  tokens --count N             N access tokens of fresh attendees, one a line (demo only)
  job NAME [--as-of TIME]      run a scheduled job now, as if it were TIME; without NAME: list them
  replay CONSUMER              have a consumer take every event from the start again
  redrive [LETTER]             have one dead letter taken again, alone; without LETTER: list them
  help                         this text`

type Command = (context: { settings: Settings; args: readonly string[]; options: Options }) => Promise<number>
type Options = { count?: string | undefined; 'as-of'?: string | undefined }

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const commands: Readonly<Record<string, Command>> = {
  migrate: async ({ settings }) => {
    await migrateProduct(settings, print)
    print('The database is up to date.')
    return 0
  },
  admin: ({ settings, args }) =>
    withProduct(settings, async (product) => {
      const email = args[0]
      if (email === undefined) return misuse('Which account? npm run tessera -- admin EMAIL')
      const outcome = await product.people.makeAdmin(email)
      if (outcome.kind === 'no-account') return misuse(`There is no account ${email}; register it first.`)
      print(`${email} is an admin from the next sign-in on.`)
      return 0
    }),
  invariants: ({ settings }) =>
    withProduct(settings, async (product) => {
      const report = await checkInvariants(product.auditor, product.invariants)
      for (const one of report.invariants)
        print(`${String(one.violations).padStart(6)}  ${one.id.padEnd(12)} ${one.title}`)
      const violations = report.invariants.reduce((sum, one) => sum + one.violations, 0)
      print(violations === 0 ? 'Every invariant holds.' : `${violations} violations.`)
      return violations === 0 ? 0 : 1
    }),
  tokens: ({ settings, options }) =>
    withProduct(settings, async (product) => {
      const count = Number(options.count ?? 1)
      if (!Number.isInteger(count) || count < 1 || count > 1_000_000)
        return misuse('--count takes a whole number from 1 to 1000000.')
      if (isProduction(settings)) return misuse('Tokens in bulk are for demo installations, and this is none.')
      const [row] = await product.owner.query<{ users: number }>(
        "select count(*)::int as users from identity.users where email like '%@demo.test'",
      )
      if (row?.users === 0)
        return misuse('Tokens in bulk are for demo installations: this database holds no demo data.')
      for (const token of await product.people.issueTokens(count)) print(token)
      return 0
    }),
  job: ({ settings, args, options }) =>
    withProduct(settings, async (product) => {
      const name = args[0]
      const as_of = options['as-of'] ?? null
      if (name === undefined) return misuse(`Which job? ${product.jobs.names().sort().join(', ')}`)
      if (!product.jobs.names().includes(name))
        return misuse(`There is no job ${name}. The jobs are ${product.jobs.names().sort().join(', ')}.`)
      if (as_of !== null && Number.isNaN(Date.parse(as_of)))
        return misuse('--as-of takes a time such as 2026-11-20T10:00:00Z.')
      await product.jobs.runNow(name, as_of)
      print(`${name} has run${as_of === null ? '' : ` as of ${as_of}`}.`)
      return 0
    }),
  replay: ({ settings, args }) =>
    withProduct(settings, async (product) => {
      const consumer = args[0]
      if (consumer === undefined || !product.consumers.includes(consumer))
        return misuse(`Which consumer? ${product.consumers.join(', ')}`)
      await product.relay.replay(product.owner, consumer)
      print(`${consumer} takes every event again; a running server does the work.`)
      return 0
    }),
  redrive: ({ settings, args }) =>
    withProduct(settings, async (product) => {
      const [letter] = args
      if (letter === undefined) return listLetters(product)
      if (!/^\d{1,15}$/.test(letter)) return misuse('Which letter? npm run tessera -- redrive lists them.')
      const outcome = await product.relay.letters.redrive(letter)
      switch (outcome.kind) {
        case 'taken':
          print(`${outcome.consumer} has taken event ${outcome.event_id}; the letter is gone.`)
          return 0
        case 'failed':
          print(`${outcome.consumer} failed again: ${outcome.error}`)
          return 1
        case 'unknown':
          return misuse(`There is no letter ${letter}.`)
      }
    }),
  help: async () => {
    print(USAGE)
    return 0
  },
}

async function listLetters(product: Product): Promise<number> {
  const letters = await product.relay.letters.list()
  for (const { id, consumer, topic, key, parked_at, error } of letters)
    print(`${id.padStart(6)}  ${parked_at}  ${consumer}  ${topic}  ${key}  ${error}`)
  if (letters.length === 0) print('There are no dead letters.')
  return 0
}

async function withProduct(settings: Settings, work: (product: Product) => Promise<number>): Promise<number> {
  await migrateProduct(settings)
  const product = await compose(settings, { serving: false })
  try {
    return await work(product)
  } finally {
    await product.close(1_000)
  }
}

function misuse(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return 2
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string' }, 'as-of': { type: 'string' } },
  })
  const [name = 'help', ...args] = positionals
  const command = commands[name]
  if (command === undefined) return misuse(`There is no command ${name}.\n\n${USAGE}`)
  const settings = readSettings(process.env)
  if (settings.database_url !== null || name === 'help') return command({ settings, args, options: values })
  const quiet = {
    info: () => undefined,
    warn: () => undefined,
    error: (_fields: object, message: string) => print(message),
  }
  const server = await borrowEmbeddedPostgres({ data_dir: resolve(settings.data_dir, 'postgres'), log: quiet })
  try {
    return await command({ settings: { ...settings, database_url: await ownerUrl(server.url) }, args, options: values })
  } finally {
    await server.stop()
  }
}

process.stdout.on('error', () => undefined)
process.exitCode = await main()
// Output still being written to a pipe is not cut off.
while (process.stdout.writableLength > 0) await delay(10)
process.exit()
