export { type Job, type Jobs, openJobs } from './jobs.ts'
