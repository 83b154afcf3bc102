/** The thread of the chart chart_worker: one chart in, everything that is stored of it out. */
import { parentPort } from 'node:worker_threads'
import { prepareChart } from './prepare-chart.ts'

export type ChartJob = { job: number; bytes: Uint8Array }

const port = parentPort
if (port === null) throw new Error('chart-worker-thread.ts is a thread of the chart worker')
port.on('message', ({ job, bytes }: ChartJob) => {
  try {
    port.postMessage({ job, outcome: prepareChart(bytes) })
  } catch (error) {
    port.postMessage({ job, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})
