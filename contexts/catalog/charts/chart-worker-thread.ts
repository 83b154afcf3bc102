/** The thread of the chart worker: one chart in, everything that is stored of it out. */
import { serveJobs } from '#platform/workers'
import { prepareChart } from './prepare-chart.ts'

serveJobs(prepareChart)
