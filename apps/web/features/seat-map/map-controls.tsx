import { Maximize, Minus, Plus } from 'lucide-react'

type Props = { onZoom: (factor: number) => void; onWhole: () => void; isWhole: boolean }

/** For those who do not pinch or turn a wheel. */
export function MapControls({ onZoom, onWhole, isWhole }: Props) {
  const button = 'grid size-11 place-items-center hover:bg-line-2 disabled:text-ink-3'
  return (
    <div className="flex flex-col divide-y divide-line overflow-hidden rounded-md border border-line bg-surface">
      <button type="button" className={button} aria-label="Zoom in" onClick={() => onZoom(1.8)}>
        <Plus size={18} aria-hidden="true" />
      </button>
      <button type="button" className={button} aria-label="Zoom out" onClick={() => onZoom(1 / 1.8)}>
        <Minus size={18} aria-hidden="true" />
      </button>
      <button type="button" className={button} aria-label="Show the whole room" onClick={onWhole} disabled={isWhole}>
        <Maximize size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
