import { RefreshCw, TriangleAlert } from 'lucide-react'
import type { SeatStatus } from './seat-bulletin.ts'

/** How far the map can be trusted just now. Nothing while it is live. */
export function MapNotice({ status, onRetry }: { status: SeatStatus; onRetry: () => void }) {
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-3 flex justify-center px-4">
      {status === 'reconnecting' && (
        <span className="flex items-center gap-2 rounded-full border border-line bg-surface px-3.5 py-1.5 text-14">
          <RefreshCw size={14} aria-hidden="true" />
          Reconnecting. What you see may be a little old.
        </span>
      )}
      {status === 'failed' && (
        <span className="pointer-events-auto flex flex-wrap items-center justify-center gap-x-3 gap-y-1 rounded-md border border-line bg-surface px-4 py-2.5 text-14">
          <TriangleAlert size={16} aria-hidden="true" />
          We could not load which seats are free.
          <button type="button" className="link min-h-11 font-semibold" onClick={onRetry}>
            Try again
          </button>
        </span>
      )}
    </div>
  )
}

/** While the geometry is on its way: the room's shape as a breath, not a spinner. */
export function SeatMapSkeleton() {
  return (
    <div role="status" aria-label="The seat map is loading" className="grid h-full min-h-80 place-items-center p-8">
      <svg viewBox="0 0 400 260" className="w-full max-w-140 text-line" aria-hidden="true">
        {[150, 172, 194, 226, 248, 270, 302, 324].map((radius, row) => (
          <path
            key={radius}
            d={`M${200 - radius * 0.62} ${-60 + radius * 0.785} A${radius} ${radius} 0 0 0 ${200 + radius * 0.62} ${-60 + radius * 0.785}`}
            fill="none"
            stroke="currentColor"
            strokeWidth="11"
            strokeLinecap="round"
            strokeDasharray="0.1 15.5"
            className="animate-[breathe_1.6s_ease-in-out_infinite]"
            style={{ animationDelay: `${row * 90}ms` }}
          />
        ))}
      </svg>
    </div>
  )
}
