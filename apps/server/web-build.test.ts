import { lchown, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { discardForeignBuild } from './web-build.ts'

const NOBODY = 65_534

test('under root a build of another account is removed whole, and nothing behind its links', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-build-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const dir = join(folder, 'web')
  await mkdir(join(dir, '.next/cache'), { recursive: true })
  await mkdir(join(folder, 'outside'))
  await writeFile(join(folder, 'outside/file'), 'of root')
  await symlink(join(folder, 'outside'), join(dir, '.next/server'))
  // Negative control: one's own stays, with its cache.
  await discardForeignBuild(dir)
  expect(await readdir(join(dir, '.next'))).toEqual(['cache', 'server'])
  if (process.getuid?.() !== 0) return
  await lchown(join(dir, '.next'), NOBODY, NOBODY)
  await discardForeignBuild(dir)
  expect(await readdir(dir)).toEqual([])
  expect(await readFile(join(folder, 'outside/file'), 'utf8')).toBe('of root')
  // There may be none.
  await discardForeignBuild(dir)
})
