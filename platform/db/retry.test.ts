import { expect, test } from 'vitest'
import { retryRolledBack } from './retry.ts'

const failure = (code: string): Error => Object.assign(new Error(`SQLSTATE ${code}`), { code })

async function attemptsOf(codes: readonly string[], options?: { also: readonly string[] }) {
  let attempts = 0
  const result = await retryRolledBack(async () => {
    const code = codes[attempts++]
    if (code !== undefined) throw failure(code)
    return 'done'
  }, options).catch((error: Error) => error.message)
  return { attempts, result }
}

test('serialization failures and deadlocks are retried', async () => {
  expect(await attemptsOf(['40001', '40P01'])).toEqual({ attempts: 3, result: 'done' })
})

test('a unique violation is retried only where the caller names it', async () => {
  expect(await attemptsOf(['23505'])).toEqual({ attempts: 1, result: 'SQLSTATE 23505' })
  expect(await attemptsOf(['23505'], { also: ['23505'] })).toEqual({ attempts: 2, result: 'done' })
})

test('the fifth rollback is final', async () => {
  expect(await attemptsOf(Array.from({ length: 9 }, () => '40P01'))).toEqual({ attempts: 5, result: 'SQLSTATE 40P01' })
})

test('a lost connection is never retried: its outcome is unknown', async () => {
  expect(await attemptsOf(['08006'], { also: ['23505'] })).toMatchObject({ attempts: 1 })
})
