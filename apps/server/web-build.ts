import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, lstat, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { constants, setPriority } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { environmentOf } from './child-environment.ts'
import { seconds, type Tell } from './children.ts'

type Build = { root: string; log_file: string; tell: Tell; stop: AbortSignal }

/** Made by builds and tests, or without effect on the build. */
const NOT_SOURCES = new Set(['node_modules', '.next', '__snapshots__', 'next-env.d.ts', 'tsconfig.tsbuildinfo'])
/** A build that outlived a killed supervisor would write into the next one's output. */
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url).href
/** Next prints the cause first, its consequences after. */
const SHOWN_LINES = 20

/** True when this checkout has a web app to build and serve. */
export async function hasWebApp(root: string): Promise<boolean> {
  const needed = [join(root, 'apps/web/app/layout.tsx'), join(root, 'apps/web/server.mjs')]
  return Promise.all(needed.map((file) => access(file))).then(
    () => true,
    () => false,
  )
}

/** Builds the web app when its sources have changed since the last build. False when the build fails. */
export async function buildWeb(build: Build): Promise<boolean> {
  const dir = join(build.root, 'apps/web')
  const stamp = join(dir, '.next/tessera-sources')
  const sources = await hashOfSources(build.root)
  if ((await readFile(stamp, 'utf8').catch(() => '')) === sources && (await isBuilt(dir))) return true

  build.tell('Building the web app (about a minute, only when it changed). The API does not wait for it.')
  const begun = performance.now()
  await discardForeignBuild(dir)
  // Without its stamp an interrupted build is repeated.
  await Promise.all([stamp, join(dir, '.next/BUILD_ID')].map((file) => rm(file, { force: true })))
  const how = await runNextBuild(dir, build)
  if (build.stop.aborted) return false
  if (how !== 'exit code 0' || !(await isBuilt(dir))) {
    const said = (await readFile(build.log_file, 'utf8')).trimEnd().split('\n').slice(0, SHOWN_LINES)
    build.tell(
      `${said.join('\n')}\nThe web app could not be built (${how}); all of it is in ${build.log_file}. The API runs without it.`,
    )
    return false
  }
  await writeFile(stamp, sources)
  build.tell(`Web app built (${seconds(performance.now() - begun)})`)
  return true
}

/**
 * Removes the output of earlier builds when another account owns it. Under root that account is the web process's: what
 * it may have put there, a link to any file above all, must not be written through as root.
 */
export async function discardForeignBuild(dir: string): Promise<void> {
  const output = join(dir, '.next')
  const found = await lstat(output).catch(() => null)
  if (found !== null && found.uid !== process.getuid?.()) await rm(output, { recursive: true, force: true })
}

/** Next writes this file when a build is complete. */
function isBuilt(dir: string): Promise<boolean> {
  return access(join(dir, '.next/BUILD_ID')).then(
    () => true,
    () => false,
  )
}

async function runNextBuild(dir: string, { log_file, stop }: Build): Promise<string> {
  await mkdir(dirname(log_file), { recursive: true })
  const log = await open(log_file, 'w')
  try {
    const next = createRequire(join(dir, 'package.json')).resolve('next/dist/bin/next')
    const child = spawn(process.execPath, ['--import', END_WITH_PARENT, next, 'build'], {
      cwd: dir,
      env: {
        ...environmentOf.system(process.env),
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        TESSERA_ENDS_WITH: String(process.pid),
      },
      // Its own process group, so that its workers can be ended with it.
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    })
    // The API, which is starting meanwhile, has priority.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    const end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')
    stop.addEventListener('abort', end, { once: true })
    const how = await new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    stop.removeEventListener('abort', end)
    return how
  } finally {
    await log.close()
  }
}

/** Over contents, not times: a clone has new times. */
async function hashOfSources(root: string): Promise<string> {
  const files = [
    join(root, 'package-lock.json'),
    ...(await filesUnder(join(root, 'apps/web'))),
    ...(await filesUnder(join(root, 'contracts'))),
  ]
  const hashes = await Promise.all(
    files.map(
      async (file) =>
        `${relative(root, file)} ${createHash('sha256')
          .update(await readFile(file))
          .digest('hex')}`,
    ),
  )
  return createHash('sha256')
    .update(`${process.version}\n${hashes.sort().join('\n')}`)
    .digest('hex')
}

async function filesUnder(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true })
  const found = entries
    .filter((entry) => !NOT_SOURCES.has(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) =>
      entry.isDirectory() ? filesUnder(join(dir, entry.name)) : entry.isFile() ? [join(dir, entry.name)] : [],
    )
  return (await Promise.all(found)).flat()
}
