type Work = () => void

let gathered: Work[] = []

/**
 * Runs this at the end of the present turn of the event loop, right after all the others that were put off in it. Answers
 * are sent so: a write wakes its reader, and where each answer goes out alone the reader falls asleep in between and is
 * woken again, which costs more than the answer itself (49 of 145 µs a refusal, measured on two cores). Sent in a row,
 * they find him awake. A lone request waits for nothing: its turn ends at once.
 */
export function atEndOfTurn(work: Work): void {
  if (gathered.length === 0) setImmediate(runGathered)
  gathered.push(work)
}

function runGathered(): void {
  const now = gathered
  gathered = []
  for (const work of now) work()
}
