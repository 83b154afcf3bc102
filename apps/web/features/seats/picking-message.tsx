import type { Geometry } from '@tessera/contracts/seat-map/geometry'
import { Notice } from '../../ui/notice.tsx'
import type { Message } from './choice.ts'
import { seatsWords } from './clash.ts'

type MessageProps = { message: Message; geometry: Geometry; onTake: (seats: readonly number[]) => void }

/** What became of the choice, and the seats offered instead. */
export function PickingMessage({ message: { words, tone, offer }, geometry, onTake }: MessageProps) {
  return (
    <Notice tone={tone} live="assertive">
      {words}
      {offer && (
        <button type="button" className="link mt-1 block min-h-8 text-left font-semibold" onClick={() => onTake(offer)}>
          Take {seatsWords(geometry, offer)} instead
        </button>
      )}
    </Notice>
  )
}
