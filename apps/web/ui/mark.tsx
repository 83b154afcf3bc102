/** The mark: one tessera, a square with a quarter circle taken by its neighbour. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="5" fill="var(--accent)" />
      <path d="M5 19V5a14 14 0 0 1 14 14z" fill="var(--paper)" />
      <circle cx="17.2" cy="6.8" r="2.6" fill="var(--paper)" />
    </svg>
  )
}
