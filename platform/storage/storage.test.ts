import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDiskStorage } from './index.ts'

test('files are returned whole by key; absent ones are undefined; removing twice succeeds', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-storage-'))
  const storage = openDiskStorage(folder)
  expect(await storage.get('a/b.pdf')).toBeUndefined()
  await storage.put('a/b.pdf', Buffer.from('one'))
  await storage.put('a/b.pdf', Buffer.from('two'))
  expect(Buffer.from((await storage.get('a/b.pdf')) ?? []).toString()).toBe('two')
  expect(await readdir(join(folder, 'a'))).toEqual(['b.pdf'])
  await storage.remove('a/b.pdf')
  await storage.remove('a/b.pdf')
  expect(await storage.get('a/b.pdf')).toBeUndefined()
  await rm(folder, { recursive: true })
})

test.each(['../secret', 'a/../../secret', ''])('the key %j leads nowhere', async (key) => {
  const storage = openDiskStorage(join(tmpdir(), 'tessera-storage-none'))
  await expect(async () => storage.put(key, Buffer.from('x'))).rejects.toThrow('leads out of the storage')
})

test('files and folders are private to their owner, a folder is removed as a whole, and contents can be listed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-storage-'))
  const storage = openDiskStorage(folder)
  await storage.put('prints/a/1.pdf', Buffer.from('one'))
  await storage.put('prints/b/2.pdf', Buffer.from('two'))
  const modes = await Promise.all(['prints', 'prints/a', 'prints/a/1.pdf'].map((path) => stat(join(folder, path))))
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '700', '600'])
  expect((await storage.list('prints')).sort()).toEqual(['a', 'b'])
  await storage.removeFolder('prints/a')
  await storage.removeFolder('prints/a')
  expect(await storage.list('prints')).toEqual(['b'])
  expect(await storage.list('nothing')).toEqual([])
  await rm(folder, { recursive: true })
})
