import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureInstalled, fail, pinnedEnvironment, pinnedNode, root } from './install.mjs'

/**
 * Runs a program of this repository under the pinned Node, with its dependencies there: `node bin/run.mjs FILE ARGUMENTS…`.
 * Hands signals on, ends as the program ends, and ends the program when it is itself killed or left by npm.
 */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
const PARENT_POLL_MS = 500

export async function runPinned(file, args, env = {}) {
  await ensureInstalled()
  const child = spawn(pinnedNode(), [file, ...args], {
    cwd: root,
    env: { ...pinnedEnvironment(), ...env },
    // The channel tells the program when this process is gone, also after kill -9.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  child.once('error', (error) => fail(`Node could not be run (${error.message}). Delete node_modules and start again.`))
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
  const watch = endWithNpm(child)
  const [code, signal] = await new Promise((resolve) => child.once('exit', (...how) => resolve(how)))
  clearInterval(watch)
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
}

/**
 * npm does not hand on its own death (kill -9, or SIGTERM to a shell in between): without this, a killed `npm start`
 * would leave the product running with nobody to stop it. Started directly, a vanishing parent means nothing (nohup).
 */
function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const parent = process.ppid
  return setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, PARENT_POLL_MS).unref()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined) fail('Usage: node bin/run.mjs FILE ARGUMENTS…')
  await runPinned(file, args)
}
