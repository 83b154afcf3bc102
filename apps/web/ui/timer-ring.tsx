/** How much of a time is left, as a ring; the figure beside it says it in words. */
export function TimerRing({ share, size = 22 }: { share: number; size?: number }) {
  const filled = `${Math.max(0, Math.min(1, share)) * 100}%`
  return (
    <i
      aria-hidden="true"
      className="inline-block flex-none rounded-full"
      style={{
        width: size,
        height: size,
        background: `conic-gradient(currentColor ${filled}, var(--line) 0)`,
        mask: `radial-gradient(circle ${size / 3.1}px, transparent 98%, #000)`,
      }}
    />
  )
}
