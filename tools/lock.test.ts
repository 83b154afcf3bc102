import { expect, test } from 'vitest'
import { lockComplaints } from './lock.ts'

test('a package of another platform that the lock lacks, or has too old, is found', () => {
  const packages = {
    '': {},
    'node_modules/fast': { version: '1.0.0', optionalDependencies: { 'fast-darwin': '1.0.0', 'fast-linux': '1.0.0' } },
    'node_modules/fast-linux': { version: '0.9.0', optional: true },
  }
  expect(lockComplaints(packages, {})).toEqual([
    'node_modules/fast 1.0.0: npm ci refuses a lock without fast-darwin, fast-linux@1.0.0',
  ])
})

test('a nested copy counts', () => {
  const packages = {
    'node_modules/fast': { version: '1.0.0', optionalDependencies: { 'fast-linux': '^1.0.0' } },
    'node_modules/fast/node_modules/fast-linux': { version: '1.2.0' },
    'node_modules/fast-linux': { version: '0.9.0' },
  }
  expect(lockComplaints(packages, {})).toEqual([])
})

test('an optional package that an older Node would leave out is found, for this platform only', () => {
  const binding = { version: '2.0.0', optional: true, engines: { node: '>=22' } }
  const packages = {
    'node_modules/binding-linux': { ...binding, os: ['linux'], cpu: ['x64'] },
    'node_modules/binding-win': { ...binding, os: ['win32'], cpu: ['x64'] },
  }
  expect(lockComplaints(packages, {})).toEqual([
    'node_modules/binding-linux 2.0.0: left out in silence by Node 20.20.2, it wants >=22',
  ])
})

test('an install script needs a word in allowScripts', () => {
  const packages = { 'node_modules/@a/b': { version: '1.0.0', hasInstallScript: true } }
  expect(lockComplaints(packages, {})).toHaveLength(1)
  expect(lockComplaints(packages, { '@a/b': false })).toEqual([])
})
