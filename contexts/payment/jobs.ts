import type { Job } from '#platform/jobs'
import type { Deps } from './deps.ts'
import { drainEvents, reconcile } from './reconcile/reconcile.ts'
import { resume } from './reconcile/resume.ts'
import { freshPacing, sendDueRefunds } from './refunds/send-due.ts'
import { forgetEvents } from './webhooks/forget.ts'

const RECONCILE_EVERY_MS = 15_000
const PROCESS_EVERY_MS = 2_000
const SEND_REFUNDS_EVERY_MS = 1_000

export function jobs(deps: Deps): Job[] {
  const pacing = freshPacing()
  return [
    {
      name: 'payment.reconcile',
      every_ms: RECONCILE_EVERY_MS,
      // Also when no process leads: once over all of them.
      cron: '*/5 * * * *',
      run: ({ as_of }) => reconcile(deps, as_of),
      resume: () => resume(deps),
    },
    {
      name: 'payment.send-refunds',
      every_ms: SEND_REFUNDS_EVERY_MS,
      run: ({ as_of }) => sendDueRefunds(deps, as_of, pacing),
    },
    {
      // The net under the nudge that follows each webhook.
      name: 'payment.process-webhooks',
      every_ms: PROCESS_EVERY_MS,
      run: async ({ as_of }) => {
        await drainEvents(deps, as_of)
        // Who runs it by hand wants all of it done, also what a nudge has begun.
        await deps.webhooks.idle()
      },
    },
    {
      name: 'payment.forget-events',
      cron: '17 * * * *',
      run: ({ as_of }) => forgetEvents(deps.db, as_of),
    },
  ]
}
