import { defineContext } from '#platform/context'
import { consumers } from './consumers.ts'
import { open } from './open.ts'
import { trimChanges } from './project.ts'
import { routes } from './routes.ts'

/** Seat states for readers: snapshots, deltas by version, streams. */
export const realtime = defineContext({
  name: 'realtime',
  sql: new URL('./sql/', import.meta.url),
  open,
  routes,
  consumers,
  jobs: (deps) => [
    { name: 'realtime.trim-changes', cron: '*/5 * * * *', run: ({ as_of }) => trimChanges(deps.db, as_of) },
  ],
  close: async (deps) => deps.leave(),
})
