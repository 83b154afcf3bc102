/** Seats of a performance. */
export type SeatsOf = { readonly performance_no: number; readonly seats: readonly number[] }

/** Seats that one signal names: a NOTIFY carries 8,000 bytes. */
const SIGNAL_SEATS_MAX = 900

/** Groups seats by performance, in parts that fit into a signal. */
export function signalParts(taken: readonly SeatsOf[]): SeatsOf[][] {
  const parts: SeatsOf[][] = []
  let room = 0
  for (const [performance_no, group] of Map.groupBy(taken, (one) => one.performance_no)) {
    let seats = group.flatMap((one) => one.seats)
    while (seats.length > 0) {
      if (room === 0) {
        parts.push([])
        room = SIGNAL_SEATS_MAX
      }
      const fitting = seats.slice(0, room)
      parts.at(-1)?.push({ performance_no, seats: fitting })
      // A performance's number and braces take the space of some seats.
      room = Math.max(0, room - fitting.length - 6)
      seats = seats.slice(fitting.length)
    }
  }
  return parts
}
