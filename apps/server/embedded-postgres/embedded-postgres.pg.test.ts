import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { borrowEmbeddedPostgres, type EmbeddedPostgres, EmbeddedPostgresError, startEmbeddedPostgres } from './index.ts'
import { processesOn, signal } from './processes.ts'
import { run } from './run.ts'

const root = process.getuid?.() === 0
const made: string[] = []
const running: EmbeddedPostgres[] = []
const children: ChildProcess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const started of running.splice(0)) await started.stop()
  for (const dir of made.splice(0)) await rm(dir, { recursive: true, force: true })
})

async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tessera-epg-'))
  made.push(dir)
  return dir
}

type Said = { level: string; message: string }

async function start(data_dir: string, options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) {
  const said: Said[] = []
  const say = (level: string) => (_fields: object, message: string) => void said.push({ level, message })
  const log = { info: say('info'), warn: say('warn'), error: say('error') }
  const started = await startEmbeddedPostgres({
    data_dir,
    log,
    ballast_bytes: 0,
    ...options,
    settings: { fsync: 'off', ...options.settings },
  })
  running.push(started)
  return { started, said, log }
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Retries until the server answers; fails after `within_ms`. Returns how long that took. */
async function answersAgain(url: string, within_ms: number): Promise<number> {
  const begun = performance.now()
  for (;;) {
    const answered = await query(url, 'select 1').catch((error: unknown) => error)
    const took = performance.now() - begun
    if (Array.isArray(answered)) return took
    if (took > within_ms) throw answered
    await delay(20)
  }
}

async function refusal(start: Promise<unknown>): Promise<EmbeddedPostgresError> {
  const outcome = await start.catch((error: unknown) => error)
  if (outcome instanceof EmbeddedPostgresError) return outcome
  throw new Error('It started, or failed in another way', { cause: outcome })
}

/** Starts it in a process of its own and kills that process, so that no supervisor is left. */
async function orphan(data_dir: string, settings = {}): Promise<{ url: string; pid: number }> {
  const script = join(import.meta.dirname, 'orphan.fixture.ts')
  const child = spawn(process.execPath, [script, data_dir, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(createInterface(child.stdout), 'line')
  child.kill('SIGKILL')
  await once(child, 'exit')
  return JSON.parse(line)
}

test('keeps its data, its address and its password over a stop and a start', async () => {
  const dir = await newDir()
  const { started } = await start(dir)
  await query(started.url, 'create table kept as select 42 as n')
  await started.stop()
  await expect(query(started.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/)

  const again = await start(dir)
  expect(again.started.url).toBe(started.url)
  expect(await query(again.started.url, 'select n from kept')).toEqual([{ n: 42 }])
})

test('listens on loopback only, and accepts no other password', async () => {
  const { started } = await start(await newDir())
  expect(await query(started.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  expect(
    await query(
      started.url,
      "select datlocprovider::text as p, datlocale as l from pg_database where datname = 'postgres'",
    ),
  ).toEqual([{ p: 'b', l: 'C.UTF-8' }])
  const stranger = new URL(started.url)
  stranger.password = 'guess'
  await expect(query(stranger.href, 'select 1')).rejects.toThrow(/password authentication failed/)
})

test('runs again within 5 s of a kill -9, at the same address, with what was committed', async () => {
  const { started, said } = await start(await newDir())
  await query(started.url, 'create table kept as select generate_series(1, 1000) as n')
  const before = started.pid
  signal(before, 'SIGKILL')
  expect(await answersAgain(started.url, 5_000)).toBeLessThan(5_000)
  expect(started.pid).not.toBe(before)
  expect(await query(started.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  expect(said).toContainEqual({ level: 'error', message: 'PostgreSQL ended unasked; starting it again' })
})

test('runs again within 5 s when one of its backends was killed', async () => {
  const { started } = await start(await newDir())
  const client = new pg.Client({ connectionString: started.url })
  client.on('error', () => undefined)
  await client.connect()
  const backend = await client.query('select pg_backend_pid() as pid')
  const ended = new Promise((resolve) => client.once('end', resolve))
  signal(backend.rows[0].pid, 'SIGKILL')
  await ended
  await answersAgain(started.url, 5_000)
})

test('a backend that outlives its killed postmaster does not prevent a start', async () => {
  const { started } = await start(await newDir())
  const client = new pg.Client({ connectionString: started.url })
  client.on('error', () => undefined)
  await client.connect()
  const backend = await client.query('select pg_backend_pid() as pid')
  // Suspended, it cannot notice the end of its postmaster, like one in a long computation.
  signal(backend.rows[0].pid, 'SIGSTOP')
  signal(started.pid, 'SIGKILL')
  await answersAgain(started.url, 5_000)
})

test('stopping during a restart leaves nothing running', async () => {
  const dir = await newDir()
  const { started } = await start(dir)
  signal(started.pid, 'SIGKILL')
  await started.stop()
  expect(await processesOn(join(dir, 'cluster'), null)).toEqual([])
})

test('a postmaster.pid whose pid was reused by another program does not prevent a start', async () => {
  const dir = await newDir()
  const { started } = await start(dir)
  await started.stop()
  await writeFile(
    join(dir, 'cluster/postmaster.pid'),
    `${process.pid}\n${dir}/cluster\n1\n1\n\n127.0.0.1\n 1 1\nready\n`,
  )
  const again = await start(dir)
  expect(await query(again.started.url, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('a lock whose pid was reused by another program does not prevent a start', async () => {
  const dir = await newDir()
  await writeFile(join(dir, 'lock'), JSON.stringify({ pid: process.ppid, identity: 'of another time' }))
  const { started } = await start(dir)
  expect(await query(started.url, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('a second start on the same data is refused, and the first keeps running', async () => {
  const dir = await newDir()
  const { started, log } = await start(dir)
  const refused = await refusal(startEmbeddedPostgres({ data_dir: dir, log }))
  expect(refused.kind).toBe('in-use')
  expect(refused.message).toContain(`process ${process.pid}`)
  expect(await query(started.url, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('a command borrows the running server, and its stop leaves it alone', async () => {
  const dir = await newDir()
  const { started, log } = await start(dir)
  const borrowed = await borrowEmbeddedPostgres({ data_dir: dir, log })
  expect(borrowed.url).toBe(started.url)
  await borrowed.stop()
  expect(await query(started.url, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('takes over the server of a killed process, and supervises it', async () => {
  const dir = await newDir()
  const left = await orphan(dir)
  const { started } = await start(dir)
  expect(started).toMatchObject({ pid: left.pid, url: left.url })
  signal(left.pid, 'SIGKILL')
  await answersAgain(started.url, 5_000)
  expect(started.pid).not.toBe(left.pid)
})

test('ends the server of a killed process when it ran with other settings, and starts its own', async () => {
  const dir = await newDir()
  const left = await orphan(dir, { max_connections: 33 })
  const { started } = await start(dir)
  expect(started.pid).not.toBe(left.pid)
  expect(await query(started.url, 'show max_connections')).toEqual([{ max_connections: '240' }])
})

test('an interrupted first start does not prevent the next one', async () => {
  const dir = await newDir()
  await mkdir(join(dir, 'cluster.new/base'), { recursive: true })
  const { started } = await start(dir)
  expect(await query(started.url, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('data of another major version is refused with instructions', async () => {
  const dir = await newDir()
  const { started, log } = await start(dir)
  await started.stop()
  await writeFile(join(dir, 'cluster/PG_VERSION'), '17\n')
  const refused = await refusal(startEmbeddedPostgres({ data_dir: dir, log }))
  expect(refused.kind).toBe('other-major-version')
  expect(refused.message).toMatch(/made by PostgreSQL 17.*brings PostgreSQL 18/)
})

test('a port that is taken is refused when it was asked for, and replaced when it was ours to choose', async () => {
  const dir = await newDir()
  const { started, log } = await start(dir)
  const port = Number(new URL(started.url).port)
  await started.stop()
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  const refused = await refusal(startEmbeddedPostgres({ data_dir: dir, log, port }))
  expect(refused.kind).toBe('port-in-use')
  const again = await start(dir)
  expect(Number(new URL(again.started.url).port)).not.toBe(port)
  other.close()
})

test('a directory that is a file is refused with instructions', async () => {
  const file = join(await newDir(), 'file')
  await writeFile(file, '')
  const { kind, message } = await refusal(start(join(file, 'postgres')))
  expect(kind).toBe('data-directory-unusable')
  expect(message).toContain('TESSERA_DATA_DIR')
})

test('a throwaway database is deleted when it stops', async () => {
  const dir = await newDir()
  const { started } = await start(dir, { throwaway: true })
  expect(await query(started.url, 'show full_page_writes')).toEqual([{ full_page_writes: 'off' }])
  await started.stop()
  await expect(stat(dir)).rejects.toThrow(/ENOENT/)
})

test.runIf(root)(
  'root in a folder only root can enter: the data goes where PostgreSQL can work, and its path is left',
  async () => {
    const closed = await newDir()
    const dir = join(closed, 'inner/postgres')
    const { started, said } = await start(dir, { throwaway: true })
    expect(await query(started.url, 'select 1 as n')).toEqual([{ n: 1 }])
    expect(said[0]?.message).toContain('lives in /var/lib/tessera/')
    expect(await readFile(join(dir, 'moved-to'), 'utf8')).toMatch(/^\/var\/lib\/tessera\/[0-9a-f]{12}\n$/)
  },
)

test.runIf(root)("a folder opened or closed later does not change the data's directory", async () => {
  const closed = await newDir()
  const dir = join(closed, 'inner')
  const { started } = await start(dir)
  await query(started.url, 'create table kept as select 42 as n')
  await started.stop()
  await chmod(closed, 0o755)
  const again = await start(dir)
  expect(await query(again.started.url, 'select n from kept')).toEqual([{ n: 42 }])
  const moved = await query(again.started.url, 'show data_directory')
  await again.started.stop()
  await rm(dirname(String(moved[0]?.['data_directory'])), { recursive: true })

  const { started: direct } = await start(dir)
  await direct.stop()
  await chmod(closed, 0o700)
  const refused = await refusal(start(dir))
  expect(refused.kind).toBe('data-directory-unusable')
  expect(refused.message).toContain('cannot enter a folder above it any more')
})

const MB = 1024 * 1024
const PRESSES_MAX = 50

/** A disk of 300 MB, filled up while PostgreSQL writes: it ends, since it cannot write its log ahead. */
async function withFullDisk(
  ballast_bytes: number,
  then: (disk: string, started: EmbeddedPostgres, said: Said[]) => Promise<void>,
) {
  const disk = await newDir()
  const shell = promisify(execFile)
  await shell('mount', ['-t', 'tmpfs', '-o', 'size=300m,mode=755', 'tmpfs', disk])
  try {
    const { started, said } = await start(join(disk, 'postgres'), { ballast_bytes, settings: { max_wal_size: '64MB' } })
    if (ballast_bytes > 0) await expect.poll(() => sizeOf(join(disk, 'postgres/ballast'))).toBe(ballast_bytes)
    await query(started.url, 'create table kept as select generate_series(1, 1000) as n')
    // If recovery finds old log to remove it continues: filled again until PostgreSQL has ended.
    const ended = () => said.some(({ message }) => message.startsWith('PostgreSQL ended unasked'))
    for (let presses = 0; !ended() && presses < PRESSES_MAX; presses++) {
      await shell('dd', ['if=/dev/zero', `of=${join(disk, `filler-${presses}`)}`, 'bs=1M']).catch(() => null)
      const flood = "select pg_logical_emit_message(false, 'flood', repeat('x', 1000000)) from generate_series(1, 300)"
      await query(started.url, flood).catch(() => undefined)
      await delay(100)
    }
    expect(ended()).toBe(true)
    await then(disk, started, said)
    expect(await query(started.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
    await started.stop()
  } finally {
    await shell('umount', ['-l', disk])
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}

/** Root in a container may lack the right. */
const mounts = root && (await run('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {})).code === 0

test.runIf(mounts)('a full disk ends PostgreSQL; the reserve lets it recover with all that was committed', async () => {
  await withFullDisk(32 * MB, async (disk, started, said) => {
    await answersAgain(started.url, 10_000)
    expect(await sizeOf(join(disk, 'postgres/ballast'))).toBe(0)
    expect(said.some(({ level, message }) => level === 'error' && message.startsWith('THE DISK IS FULL'))).toBe(true)
  })
})

test.runIf(mounts)('without the reserve it stays down until there is space, then recovers by itself', async () => {
  await withFullDisk(0, async (disk, started, said) => {
    const tries = () => said.filter(({ message }) => message.startsWith('PostgreSQL did not start')).length
    await expect.poll(tries, { timeout: 10_000 }).toBeGreaterThan(2)
    for (const name of await readdir(disk)) if (name.startsWith('filler')) await rm(join(disk, name))
    await answersAgain(started.url, 10_000)
  })
})
