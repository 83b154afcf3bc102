import { runPinned } from './run.mjs'

/** `npm start`: installs what is missing, then hands over to the supervisor of the product. */
await runPinned('apps/server/launch.ts', process.argv.slice(2))
