/** The chart worker's thread: turns a chart into everything that is stored of it. */
import { serveJobs } from '#platform/workers'
import { prepareChart } from './prepare-chart.ts'

serveJobs(prepareChart)
