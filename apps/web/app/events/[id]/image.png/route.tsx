import { ImageResponse } from 'next/og'
import { getEvent } from '../../../../api/operations.ts'
import { routeRefusal } from '../../../../api/route-refusal.ts'
import { asVisitor } from '../../../../api/visitor.ts'
import { upcoming } from '../../../../features/event/from-price.ts'
import { mosaicSvg } from '../../../../features/poster/mosaic.ts'
import { shortWhen } from '../../../../ui/when.ts'

const DAY_S = 86_400

/** The picture that messengers and search engines show of an event: its poster beside its title, 1200 × 630. */
export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params
  try {
    const event = await getEvent(id, await asVisitor())
    const [first] = upcoming(event, Date.now())
    const poster = `data:image/svg+xml;base64,${Buffer.from(mosaicSvg(event.title, event.genre, 0.8)).toString('base64')}`
    return new ImageResponse(
      <div style={{ display: 'flex', width: '100%', height: '100%', background: '#fbfaf7', color: '#171512' }}>
        <img src={poster} width={504} height={630} alt="" />
        <div
          style={{ display: 'flex', flexDirection: 'column', justifyContent: 'space-between', flex: 1, padding: 64 }}
        >
          <div style={{ display: 'flex', flexDirection: 'column' }}>
            <div
              style={{
                fontSize: event.title.length > 28 ? 60 : 80,
                fontWeight: 700,
                letterSpacing: '-0.03em',
                lineHeight: 1.05,
              }}
            >
              {event.title}
            </div>
            <div style={{ fontSize: 34, marginTop: 32 }}>
              {first ? shortWhen(first.start_time, event.venue.time_zone) : ''}
            </div>
            <div
              style={{ fontSize: 30, marginTop: 8, color: '#625b52' }}
            >{`${event.venue.name}, ${event.venue.city}`}</div>
          </div>
          <div style={{ fontSize: 28, color: '#d4371f', fontWeight: 700 }}>Tessera</div>
        </div>
      </div>,
      { width: 1200, height: 630, headers: { 'cache-control': `public, max-age=${DAY_S}` } },
    )
  } catch (error) {
    return routeRefusal(error)
  }
}
