import type { Socket } from 'node:net'

const gathered: Socket[] = []

/**
 * Holds a socket's answer back until the end of this turn of the event loop, when all that were gathered go out one right
 * after the other. A write wakes the peer; where each answer goes out alone the peer falls asleep in between, and waking
 * it again costs more than the answer (49 of 145 µs a refusal, measured on two cores). A lone request waits for nothing:
 * its turn ends at once.
 */
export function gatherWrites(socket: Socket | null): void {
  if (socket === null || socket.destroyed) return
  if (gathered.length === 0) setImmediate(letGo)
  socket.cork()
  gathered.push(socket)
}

function letGo(): void {
  for (const socket of gathered.splice(0)) socket.uncork()
}
