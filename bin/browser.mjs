import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pinnedNode, root, say } from './install.mjs'

/**
 * A Chromium for the tests that can be started here, as a path; null when there is none and none can be had. The one
 * from npm comes first; it needs a few shared libraries, of which it brings a copy for machines that lack them.
 */
const VERSION_MS_MAX = 20_000
const APT_MS_MAX = 300_000
const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** Run under the pinned Node, with TMPDIR set to where everything is to be unpacked. */
const UNPACK = `
  import { join } from 'node:path'
  import { fileURLToPath } from 'node:url'
  import chromium, { inflate } from '@sparticuz/chromium'
  await chromium.executablePath()
  await inflate(join(fileURLToPath(import.meta.resolve('@sparticuz/chromium')), '../../bin/al2023.tar.br'))
`

export async function findBrowser() {
  const given = process.env.TESSERA_CHROMIUM
  if (given !== undefined) return given
  return (await packaged()) ?? (await installed()) ?? (await fromDebian())
}

/** Of this user alone: in the folder that all share, somebody else could have put a program at a known path. */
function cacheHome() {
  return process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
}

async function packaged() {
  for (const base of [join(root, 'node_modules/.cache/tessera'), join(cacheHome(), 'tessera')]) {
    const dir = join(base, 'chromium')
    const found = (await runnable(dir)) ?? ((await unpack(dir)) ? await runnable(dir) : null)
    if (found !== null) return found
  }
  return null
}

/** With the machine's libraries, else with those it brought. */
async function runnable(dir) {
  for (const program of [join(dir, 'chromium'), join(dir, 'chromium-with-libraries')]) {
    if (await starts(program)) return program
  }
  return null
}

async function unpack(dir) {
  const half = `${dir}.${process.pid}`
  try {
    mkdirSync(half, { recursive: true })
    const done = await run(pinnedNode(), ['--input-type=module', '-e', UNPACK], {
      cwd: root,
      env: { ...process.env, TMPDIR: half },
    })
    if (!done) return false
    const wrapper = '#!/bin/sh\nhere=$(dirname "$0")\nLD_LIBRARY_PATH="$here/al2023/lib" exec "$here/chromium" "$@"\n'
    writeFileSync(join(half, 'chromium-with-libraries'), wrapper, { mode: 0o755 })
    rmSync(dir, { recursive: true, force: true })
    renameSync(half, dir)
    return true
  } catch {
    return false
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

async function installed() {
  const dirs = (process.env.PATH ?? '').split(delimiter)
  for (const program of SYSTEM_NAMES.flatMap((name) => dirs.map((dir) => join(dir, name)))) {
    if (existsSync(program) && (await starts(program))) return program
  }
  return null
}

async function fromDebian() {
  if (process.getuid?.() !== 0 || !(await run('apt-get', ['--version']))) return null
  say('The packaged Chromium does not start here; installing the Debian package.')
  const options = { timeout: APT_MS_MAX, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  await run('apt-get', ['update', '-qq'], options)
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options)
  return installed()
}

function starts(program) {
  return run(program, ['--version'], { timeout: VERSION_MS_MAX })
}

function run(program, args, options = {}) {
  return new Promise((resolve) => execFile(program, args, options, (error) => resolve(error === null)))
}
