import { ImageResponse } from 'next/og'
import { mosaicSvg } from '../poster/mosaic.ts'
import { drawable } from './drawable.ts'

/** The words of the picture, as they are drawn. */
export type Preview = { title: string; genre: string; when: string; where: string }

/**
 * The picture that messengers and search engines show of an event: its poster beside its title, 1200 × 630, as PNG. A line
 * that the picture's font cannot draw is left out: the library would fetch a font for it from another server.
 */
export async function drawPreview(preview: Preview): Promise<Uint8Array<ArrayBuffer>> {
  const poster = `data:image/svg+xml;base64,${Buffer.from(mosaicSvg(preview.title, preview.genre, 0.8)).toString('base64')}`
  const [title, when, where] = [preview.title, preview.when, preview.where].map(drawable) as [string, string, string]
  const picture = new ImageResponse(
    <div style={{ display: 'flex', width: '100%', height: '100%', background: '#fbfaf7', color: '#171512' }}>
      <img src={poster} width={504} height={630} alt="" />
      <div style={{ display: 'flex', flexDirection: 'column', justifyContent: 'space-between', flex: 1, padding: 64 }}>
        <div style={{ display: 'flex', flexDirection: 'column' }}>
          <div
            style={{
              fontSize: title.length > 28 ? 60 : 80,
              fontWeight: 700,
              letterSpacing: '-0.03em',
              lineHeight: 1.05,
            }}
          >
            {title}
          </div>
          <div style={{ fontSize: 34, marginTop: 32 }}>{when}</div>
          <div style={{ fontSize: 30, marginTop: 8, color: '#625b52' }}>{where}</div>
        </div>
        <div style={{ fontSize: 28, color: '#d4371f', fontWeight: 700 }}>Tessera</div>
      </div>
    </div>,
    { width: 1200, height: 630 },
  )
  return new Uint8Array(await picture.arrayBuffer())
}
