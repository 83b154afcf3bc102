import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort } from '../../apps/server/embedded-postgres/index.ts'
import type { Row } from '../report.ts'

const root = resolve(import.meta.dirname, '../..')
const STARTS = 3
const FIRST_START_MS = 180_000
const IDLE_MS = 5_000

/** P11: `npm start` on data that is there already: time until the API serves, database included, and the server's memory at rest. */
export async function p11(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-bench-start-'))
  await chmod(folder, 0o711)
  const env = {
    ...process.env,
    TESSERA_DATA_DIR: folder,
    PORT: String(await freePort()),
    TESSERA_SANDBOX_PORT: String(await freePort()),
  }
  await stopped(await started(env, FIRST_START_MS))
  const times: number[] = []
  const sizes: number[] = []
  for (let i = 0; i < STARTS; i++) {
    const running = await started(env, FIRST_START_MS)
    times.push(running.ready_s)
    await new Promise((done) => setTimeout(done, IDLE_MS))
    sizes.push(await serverMegabytes(running.child.pid ?? 0))
    await stopped(running)
  }
  await rm(folder, { recursive: true, force: true })
  const slowest = Math.max(...times)
  const largest = Math.max(...sizes)
  return [
    {
      id: 'P11',
      what: 'ready from a warm start, database included',
      ours: `${slowest.toFixed(1)} s (slowest of ${STARTS})`,
      reference: '',
      ratio: null,
      target: '< 5 s',
      met: slowest < 5,
    },
    {
      id: 'P11 memory',
      what: 'the server process at rest',
      ours: `${largest.toFixed(0)} MB`,
      reference: '',
      ratio: null,
      target: '< 300 MB',
      met: largest < 300,
    },
  ]
}

type Running = { child: ChildProcess; ready_s: number }

function started(env: NodeJS.ProcessEnv, within_ms: number): Promise<Running> {
  const begun = performance.now()
  const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((done, reject) => {
    const late = setTimeout(() => reject(new Error('npm start was not ready in time')), within_ms)
    let said = ''
    let ready_s: number | undefined
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('API ready')) ready_s ??= (performance.now() - begun) / 1_000
      if (ready_s === undefined || !said.includes('Tessera is running')) return
      clearTimeout(late)
      done({ child, ready_s })
    })
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${said}`)))
  })
}

async function stopped({ child }: Running): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await gone
}

/** Resident memory of `apps/server/main.ts` among the descendants of `npm start`. */
async function serverMegabytes(pid: number): Promise<number> {
  for (const child of await childrenOf(pid)) {
    const command = await readFile(`/proc/${child}/cmdline`, 'utf8')
    if (command.includes('apps/server/main.ts')) {
      const status = await readFile(`/proc/${child}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024
    }
    const below = await serverMegabytes(child)
    if (below > 0) return below
  }
  return 0
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.trim().split(' ').filter(Boolean).map(Number)
}
