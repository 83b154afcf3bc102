import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { webhookTypesOf } from './contexts.ts'
import { planProduct } from './product-plan.ts'

const SECRETS = {
  DATABASE_URL: 'postgres://u:db-password@db/x',
  TESSERA_SECRET: 'installation-secret',
  AWS_SECRET_ACCESS_KEY: 'of-somebody-else',
  PGPASSWORD: 'of-psql',
  NPM_TOKEN: 'of-npm',
}

test('each child gets the variables it reads, and no secret of another part or of the machine', async () => {
  const plan = await planProduct({
    root: resolve(import.meta.dirname, '../..'),
    data_dir: tmpdir(),
    ports: { server: 3000, web: 3001, sandbox: 3010 },
    env: { PATH: '/bin', TESSERA_PUBLIC_ORIGIN: 'https://x.test', TESSERA_PROCESSES: '2', ...SECRETS },
    tell: () => undefined,
    account: null,
  })
  const web = plan.web?.child.env ?? {}
  const sandbox = plan.sandbox?.env ?? {}
  const server = plan.server('postgres://given').env
  for (const env of [web, sandbox]) {
    for (const secret of Object.values(SECRETS)) expect(Object.values(env)).not.toContain(secret)
    expect(env).toMatchObject({ PATH: '/bin' })
  }
  expect(Object.keys(web).filter((name) => name.startsWith('STRIPE'))).toEqual([])
  expect(web).toMatchObject({ TESSERA_PUBLIC_ORIGIN: 'https://x.test' })
  expect(web).toMatchObject({ TESSERA_PAYMENTS: 'simulated' })
  expect(server).toMatchObject({ TESSERA_SECRET: 'installation-secret', TESSERA_PROCESSES: '2' })
  expect(sandbox).toMatchObject({ TESSERA_SANDBOX_WEBHOOK_EVENTS: (await webhookTypesOf('stripe')).join(',') })
  expect(Object.keys(server)).not.toContain('AWS_SECRET_ACCESS_KEY')
})
