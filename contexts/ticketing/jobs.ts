import type { Job } from '#platform/jobs'
import type { Deps } from './deps.ts'
import { rotateSigningKey } from './signing-keys.ts'

const KEY_AGE_MAX_DAYS = 180
const DAY_MS = 86_400_000

export function jobs(deps: Deps): Job[] {
  return [
    {
      // A key that may have leaked is replaced at once by hand: `job ticketing.rotate-key --as-of
      // 2100-01-01T00:00:00Z`.
      name: 'ticketing.rotate-key',
      cron: '17 3 * * *',
      run: async ({ as_of }) => {
        const now_ms = as_of === null ? Date.now() : Date.parse(as_of)
        const { rotated } = await rotateSigningKey(deps, new Date(now_ms - KEY_AGE_MAX_DAYS * DAY_MS).toISOString())
        if (rotated) deps.log.info('ticket codes are now signed by a new key')
      },
    },
  ]
}
