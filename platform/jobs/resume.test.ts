import { afterEach, expect, test } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { type Job, type Jobs, openJobs } from './jobs.ts'

let opened: Jobs | undefined

afterEach(async () => {
  await opened?.close()
})

type Resumed = { calls(): number; looks(): number; lead(leads: boolean): void; jobs: Jobs }

/** One job that returns `outcomes` in turn, then that no work is unfinished. */
async function resumed(outcomes: (boolean | Error)[]): Promise<Resumed> {
  const seen = { calls: 0, looks: 0, leads: false }
  const job: Job = {
    name: 'test.resumed',
    run: async () => {},
    resume: async () => {
      seen.calls++
      const outcome = outcomes.shift() ?? false
      if (outcome instanceof Error) throw outcome
      return outcome
    },
  }
  const leading = (): boolean => {
    seen.looks++
    return seen.leads
  }
  const telemetry = createTelemetry({ level: 'fatal', service: 'test' })
  opened = openJobs({ url: 'postgres://unused', jobs: [job], telemetry, leading })
  await opened.start()
  return { calls: () => seen.calls, looks: () => seen.looks, lead: (leads) => void (seen.leads = leads), jobs: opened }
}

test('a process that does not lead resumes nothing; each time it becomes the leader it resumes, once', async () => {
  const { calls, looks, lead } = await resumed([])
  await expect.poll(looks).toBeGreaterThan(1)
  expect(calls()).toBe(0)
  for (const times of [1, 2]) {
    lead(true)
    await expect.poll(calls).toBe(times)
    lead(false)
    const before = looks()
    await expect.poll(looks).toBeGreaterThan(before + 1)
  }
  expect(calls()).toBe(2)
})

test('it resumes again while work is unfinished, and after a failure', async () => {
  const { calls, lead } = await resumed([true, new Error('the database is unavailable')])
  lead(true)
  await expect.poll(calls, { timeout: 10_000 }).toBe(3)
})

test('a leader resumes again when another process has gone; a process that does not lead waits until it does', async () => {
  const { calls, looks, lead, jobs } = await resumed([])
  jobs.resume()
  const before = looks()
  await expect.poll(looks).toBeGreaterThan(before + 1)
  expect(calls()).toBe(0)
  lead(true)
  await expect.poll(calls).toBe(1)
  jobs.resume()
  await expect.poll(calls).toBe(2)
})
