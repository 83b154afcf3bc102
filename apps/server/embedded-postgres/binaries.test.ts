import { chmod, cp, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountFor } from './account.ts'
import { installedPackage, usableBinaries } from './binaries.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tessera-binaries-'))
  await chmod(dir, 0o755)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** The package as npm unpacks it without install scripts: no symlinks. */
async function unpacked(name: string): Promise<string> {
  const copy = join(dir, name, 'package')
  const links = new Set(['libicuuc.so.60', 'libicui18n.so.60', 'libicudata.so.60'])
  await cp(installedPackage(), copy, { recursive: true, filter: (from) => !links.has(from.split('/').at(-1) ?? '') })
  return copy
}

test('makes the symlinks that a switched-off install script left out', async () => {
  const package_dir = await unpacked('no-scripts')
  const found = await usableBinaries({ package_dir, account: await accountFor(dir), copies_in: [] })
  expect(found).toMatchObject({ postgres: join(package_dir, 'native/bin/postgres'), major: '18' })
})

test.runIf(process.getuid?.() === 0)('copies the programs out of a folder only root can enter, once', async () => {
  const package_dir = await unpacked('closed')
  await chmod(join(dir, 'closed'), 0o700)
  const installation = { package_dir, account: await accountFor(dir), copies_in: [join(dir, 'out')] }
  const first = await usableBinaries(installation)
  expect(first.postgres).toMatch(new RegExp(`^${dir}/out/postgresql-18[^/]*/native/bin/postgres$`))
  const made_at = (await stat(first.postgres)).ctimeMs
  expect(await usableBinaries(installation)).toEqual(first)
  expect((await stat(first.postgres)).ctimeMs).toBe(made_at)
})

test.runIf(process.getuid?.() === 0)('runs no programs from a folder that others may write to', async () => {
  const package_dir = await unpacked('shared')
  await chmod(join(dir, 'shared'), 0o700)
  await cp(package_dir, join(dir, 'open/postgresql-18.4.0-beta.17'), { recursive: true })
  await chmod(join(dir, 'open'), 0o777)
  const attempt = usableBinaries({ package_dir, account: await accountFor(dir), copies_in: [join(dir, 'open')] })
  await expect(attempt).rejects.toMatchObject({ kind: 'binaries-unusable' })
})
