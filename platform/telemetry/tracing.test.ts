import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'

const SECRET = 'Zm9vYmFyYmF6cXV4'

/** A process of its own: instrumentation patches the modules of the whole process. */
const TRACED = `
  const { startTracing } = await import(${JSON.stringify(new URL('./tracing.ts', import.meta.url).href)})
  await startTracing()
  const http = (await import('node:module')).createRequire(${JSON.stringify(import.meta.url)})('http')
  const server = http.createServer((request, response) => response.end('served'))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const path = '/api/v1/payments/pay_1/checkout/' + process.env.SECRET + '?access=' + process.env.SECRET + '&seen=1'
  const url = 'http://127.0.0.1:' + server.address().port + path
  await new Promise((resolve) => http.get(url, { headers: { referer: url } }, (answer) => answer.resume().once('end', resolve)))
`

test('neither an order link nor a checkout address is exported with its trace', async () => {
  const received: Buffer[] = []
  const arrived = Promise.withResolvers<void>()
  const receiver = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => received.push(chunk))
    request.on('end', () => {
      response.end()
      arrived.resolve()
    })
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const child = spawn(process.execPath, ['--input-type=module', '--eval', TRACED], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      SECRET,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
      OTEL_BSP_SCHEDULE_DELAY: '10',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  try {
    await arrived.promise
  } finally {
    child.kill('SIGKILL')
    receiver.closeAllConnections()
    receiver.close()
  }
  const spans = Buffer.concat(received).toString('latin1')
  expect(spans).toContain('/api/v1/payments/pay_1/checkout/[redacted]?access=[redacted]')
  expect(spans).toContain('seen=1')
  expect(spans).not.toContain(SECRET)
}, 30_000)
