import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { STRIPE_EVENT_TYPES } from '../../contexts/payment/index.ts'
import { SANDBOX_WEBHOOK_EVENTS } from './payment-settings.ts'
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
  expect(Object.keys(server)).not.toContain('AWS_SECRET_ACCESS_KEY')
})

test('the sandbox sends the events that the payment context makes something of, and no other', () => {
  expect(SANDBOX_WEBHOOK_EVENTS).toEqual(STRIPE_EVENT_TYPES)
})
