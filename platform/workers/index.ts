export { serveJobs, WorkerThread, type WorkOutcome } from './worker-thread.ts'
