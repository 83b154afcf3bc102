import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { openPump } from './pump.ts'

const { log } = createTelemetry({ level: 'silent', service: 'test' })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('many nudges are one run, a nudge during a run is one more, and idle waits for all', async () => {
  let runs = 0
  const pump = openPump({
    run: async () => {
      runs++
      if (runs === 1) pump.nudge()
    },
    delay_ms: () => 200,
    log,
  })
  for (let i = 0; i < 10; i++) pump.nudge()
  const idle = pump.idle()
  await vi.advanceTimersByTimeAsync(199)
  expect(runs).toBe(0)
  await vi.advanceTimersByTimeAsync(1)
  expect(runs).toBe(1)
  await vi.advanceTimersByTimeAsync(200)
  await idle
  expect(runs).toBe(2)
})

test('a run that throws does not end the pump; closing cuts the wait short and runs nothing', async () => {
  let runs = 0
  const pump = openPump({
    run: async () => {
      runs++
      throw new Error('the database is away')
    },
    delay_ms: () => 200,
    log,
  })
  for (const expected of [1, 2]) {
    pump.nudge()
    await vi.advanceTimersByTimeAsync(200)
    await pump.idle()
    expect(runs).toBe(expected)
  }
  pump.nudge()
  await pump.close()
  pump.nudge()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(runs).toBe(2)
})
