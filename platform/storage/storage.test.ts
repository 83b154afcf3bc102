import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDiskStorage } from './index.ts'

test('what is put comes back whole, by key; what is not there is undefined; removing twice is fine', async () => {
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
