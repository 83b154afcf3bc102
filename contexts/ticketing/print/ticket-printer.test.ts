import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDiskStorage, type Storage } from '#platform/storage'
import { drawTickets } from './draw-tickets.ts'
import { ticketFor } from './printed-ticket.fixture.ts'
import type { TicketPrint } from './printed-ticket.ts'
import { TicketPrinter } from './ticket-printer.ts'

const HELD_MS_MAX = 20

/** A disk storage that counts what is put into it. */
function countedStorage(folder: string): { storage: Storage; puts: () => number } {
  const disk = openDiskStorage(folder)
  let puts = 0
  const put: Storage['put'] = (key, bytes) => {
    puts++
    return disk.put(key, bytes)
  }
  return { storage: { ...disk, put }, puts: () => puts }
}

/** The most CPU time of this thread between two turns of a timer, in ms: the longest delay for other work on it. */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let longest_ms = 0
  let before = process.threadCpuUsage()
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(before)
    longest_ms = Math.max(longest_ms, (user + system) / 1_000)
    before = process.threadCpuUsage()
  }
  const timer = setInterval(look, 1)
  await work()
  look()
  clearInterval(timer)
  return longest_ms
}

const some = (count: number): TicketPrint => ({
  language: 'en',
  tickets: Array.from({ length: count }, (_, at) => ticketFor(`Holder ${at}`, { position: at + 1 })),
})

test('concurrent requests for the same print share it; later ones get the stored one', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'tessera-prints-'))
  const { storage, puts } = countedStorage(folder.path)
  const printer = new TicketPrinter(storage)
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => printer.print('prints/bk/1.pdf', some(2))))
  const [first] = outcomes
  expect(first?.kind === 'printed' && first.pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(new Set(outcomes).size).toBe(1)
  expect(await printer.print('prints/bk/1.pdf', some(2))).toEqual(first)
  expect(puts()).toBe(1)
  // Negative control: another key is another drawing.
  await printer.print('prints/bk/2.pdf', some(2))
  expect(puts()).toBe(2)
  await printer.close()
})

test('prints beyond the queue are refused at once, and drawn when requested again', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'tessera-prints-'))
  const printer = new TicketPrinter(openDiskStorage(folder.path))
  const tickets = some(1)
  const ask = (n: number) => printer.print(`prints/bk/${n}.pdf`, tickets)
  const kinds = (await Promise.all(Array.from({ length: 34 }, (_, n) => ask(n)))).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'saturated')).toHaveLength(2)
  for (const [n, kind] of kinds.entries()) if (kind === 'saturated') expect((await ask(n)).kind).toBe('printed')
  await printer.close()
})

test('drawing 500 tickets never blocks the event loop for 20 ms; on this thread, a few do', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'tessera-prints-'))
  const printer = new TicketPrinter(openDiskStorage(folder.path))
  await printer.print('prints/bk/first.pdf', some(1))
  const tickets = some(500)
  expect(await longestHold(() => printer.print('prints/bk/1.pdf', tickets))).toBeLessThan(HELD_MS_MAX)
  await printer.close()
  expect(await longestHold(() => drawTickets(some(20)))).toBeGreaterThan(HELD_MS_MAX)
}, 60_000)
