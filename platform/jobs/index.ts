export { type Job, openJobs, type Jobs } from './jobs.ts'
