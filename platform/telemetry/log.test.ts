import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

const SECRET = 'Zm9vYmFyYmF6cXV4'
const LOGGING = `
  const { createTelemetry } = await import(${JSON.stringify(new URL('./telemetry.ts', import.meta.url).href)})
  const { log } = createTelemetry({ level: 'info', service: 'test' })
  log.info({ url: '/orders/bk_1?access=${SECRET}' }, 'asked for /orders/bk_1?access=${SECRET}')
  log.error({ err: new Error('GET /tickets/tkt_1?access=${SECRET} failed') }, 'request failed')
`

test('an order link never appears in a log line, in any field', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', LOGGING], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = (await text(child.stdout)).trim().split('\n')
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    expect(JSON.parse(line)).toHaveProperty('msg')
    expect(line).toContain('access=[redacted]')
    expect(line).not.toContain(SECRET)
  }
}, 20_000)
