/** What `npm test` runs beside the tests: each counts as one. */
export type Check = {
  name: string
  run(): Promise<Verdict>
}

export type Verdict = {
  /** One line each, naming the file; none means passed. */
  complaints: readonly string[]
  /** What was looked at, e.g. `412 files`: a check that looked at nothing must complain. */
  looked_at: string
}
