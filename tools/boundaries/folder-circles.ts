export type Import = { from: string; to: string }

/** Imports between sibling folders that import each other, directly or through further siblings. */
export function folderCircles(imports: readonly Import[]): Import[] {
  const targets = new Map<string, Set<string>>()
  const crossings = imports.flatMap((one) => {
    const [from, to] = siblings(one)
    if (from === undefined || to === undefined) return []
    targets.set(from, (targets.get(from) ?? new Set()).add(to))
    return [{ one, from, to }]
  })
  return crossings.filter(({ from, to }) => reachable(to, targets).has(from)).map(({ one }) => one)
}

/** The two folders in which the paths part; empty when one file stands above the other. */
function siblings({ from, to }: Import): string[] {
  const [a, b] = [from.split('/').slice(0, -1), to.split('/').slice(0, -1)]
  const parting = a.findIndex((name, depth) => name !== b[depth])
  if (parting === -1 || b[parting] === undefined) return []
  return [a, b].map((names) => names.slice(0, parting + 1).join('/'))
}

function reachable(start: string, targets: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = [start]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const next of targets.get(folder) ?? []) {
      if (!seen.has(next)) open.push(next)
      seen.add(next)
    }
  }
  return seen
}
