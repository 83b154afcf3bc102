import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { productAccount } from './drop-root.ts'

const root = resolve(import.meta.dirname, '../..')
const isRoot = process.getuid?.() === 0

async function dataDir(mode: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-drop-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const data_dir = join(folder, 'data')
  await mkdir(data_dir)
  await chmod(folder, mode)
  await chmod(data_dir, 0o711)
  return data_dir
}

async function ask(given: { data_dir: string; port?: number; env?: Record<string, string>; root?: string }) {
  const told: string[] = []
  const account = await productAccount({ root, port: 3_000, env: {}, tell: (line) => told.push(line), ...given })
  return { account, told }
}

test('root hands the children’s data to an account, also what was written as root before; others stay who they are', async () => {
  const data_dir = await dataDir(0o711)
  await mkdir(join(data_dir, 'files/prints'), { recursive: true, mode: 0o700 })
  await writeFile(join(data_dir, 'files/prints/a.pdf'), 'as root', { mode: 0o600 })
  await writeFile(join(data_dir, 'secret'), Buffer.alloc(32, 7).toString('base64url'), { mode: 0o600 })
  await writeFile(join(data_dir, 'unrelated'), 'somebody’s')
  const { account, told } = await ask({ data_dir })
  expect(told).toEqual([])
  if (!isRoot) return expect(account).toBeNull()
  expect(account?.uid).toBeGreaterThan(0)
  for (const [name, mode] of [
    ['secret', 0o600],
    ['files', 0o700],
    ['files/prints/a.pdf', 0o600],
    ['sandbox', 0o700],
    ['cache', 0o700],
  ] as const) {
    const found = await stat(join(data_dir, name))
    expect([name, found.uid, found.mode & 0o777]).toEqual([name, account?.uid, mode])
  }
  // Negative control: the directory itself and what is not ours keep their owner.
  for (const name of ['.', 'unrelated']) expect((await stat(join(data_dir, name))).uid).toBe(0)
  expect(await readFile(join(data_dir, 'secret'), 'utf8')).toBe(Buffer.alloc(32, 7).toString('base64url'))
  // Again: the same account, nothing to tell.
  expect(await ask({ data_dir })).toEqual({ account, told: [] })
})

test('where the account could not work, it says why and all stays as it was', async () => {
  const closed = await dataDir(0o700)
  const open = await dataDir(0o711)
  const unreadable = await dataDir(0o711)
  for (const folder of ['apps', 'contexts', 'contracts', 'platform', 'node_modules'])
    await mkdir(join(unreadable, folder))
  await writeFile(join(unreadable, 'contexts/private.ts'), '', { mode: 0o600 })
  for (const [given, reason] of [
    [{ data_dir: closed }, `cannot read ${closed}`],
    [{ data_dir: open, root: unreadable }, `cannot read ${join(unreadable, 'contexts/private.ts')}`],
    [{ data_dir: open, env: { TESSERA_WEB_DEV: '1' } }, 'the web app writes into the checkout'],
  ] as const) {
    const { account, told } = await ask(given)
    expect(account).toBeNull()
    // A process that does not run as root changes nothing and prints nothing.
    expect(told).toHaveLength(isRoot ? 1 : 0)
    if (isRoot) expect(told[0]).toContain(reason)
  }
  await expect(stat(join(open, 'files'))).rejects.toThrow('ENOENT')
})
