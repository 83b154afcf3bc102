import { getEvent } from '../../../../api/operations.ts'
import { routeRefusal } from '../../../../api/route-refusal.ts'
import { asVisitor } from '../../../../api/visitor.ts'
import { upcoming } from '../../../../features/event/from-price.ts'
import { drawPreview } from '../../../../features/link-preview/draw-preview.tsx'
import { PreviewCache } from '../../../../features/link-preview/preview-cache.ts'
import { shortWhen } from '../../../../ui/when.ts'

/** Some 50 kB each. */
const previews = new PreviewCache({ draw: drawPreview, bytes_max: 32 * 1_048_576 })

/** The others are shown to their organization alone, also one that was cancelled before anybody saw it. */
const PUBLIC = ['published', 'completed']

/** What messengers and search engines show of an event. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params
  try {
    const event = await getEvent(id, await asVisitor())
    const { title, genre, venue } = event
    const now_ms = Date.now()
    const [first] = upcoming(event, now_ms)
    const when = first ? shortWhen(first.start_time, venue.time_zone, now_ms) : ''
    const preview = { title, genre, when, where: `${venue.name}, ${venue.city}` }
    const if_none_match = request.headers.get('if-none-match')
    return await previews.answer(preview, { if_none_match, draft: !PUBLIC.includes(event.status) })
  } catch (error) {
    return routeRefusal(error)
  }
}
