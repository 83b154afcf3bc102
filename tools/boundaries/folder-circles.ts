export type Import = { from: string; to: string }

/**
 * Imports in a circle of neighbours. The neighbours in a folder are its own files and its subfolders, each subfolder taken
 * as one: so a subfolder may import a file beside it, and be imported by one, but not by the same, directly or through
 * further neighbours.
 */
export function folderCircles(imports: readonly Import[]): Import[] {
  const targets = new Map<string, Set<string>>()
  const crossings = imports.flatMap((one) => {
    const [from, to] = neighbours(one)
    if (from === to) return []
    targets.set(from, (targets.get(from) ?? new Set()).add(to))
    return [{ one, from, to }]
  })
  return crossings.filter(({ from, to }) => reachable(to, targets).has(from)).map(({ one }) => one)
}

/** The two files or folders in which the paths part. */
function neighbours({ from, to }: Import): [string, string] {
  const [a, b] = [from.split('/'), to.split('/')]
  const parting = a.findIndex((name, depth) => name !== b[depth])
  const end = parting === -1 ? a.length : parting + 1
  return [a.slice(0, end).join('/'), b.slice(0, end).join('/')]
}

function reachable(start: string, targets: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [start]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const next of targets.get(one) ?? []) {
      if (!seen.has(next)) open.push(next)
      seen.add(next)
    }
  }
  return seen
}
