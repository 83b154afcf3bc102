/** Seats of one row in few words: `Stalls, row F, seats 12, 13`. Labels that differ elsewhere stay as they are. */
export function joinLabels(labels: readonly string[]): string {
  const groups = Map.groupBy([...new Set(labels)], (label) => label.slice(0, label.lastIndexOf(' ') + 1))
  return [...groups]
    .map(([before, group]) => {
      const last = group.map((label) => label.slice(before.length))
      return group.length > 1 ? `${before.replace(/seat $/, 'seats ')}${last.join(', ')}` : `${before}${last.join()}`
    })
    .join(' · ')
}
