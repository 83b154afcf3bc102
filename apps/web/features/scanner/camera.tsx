'use client'
import { useEffect, useEffectEvent, useRef } from 'react'
import { codeReader } from './read-codes.ts'

const LOOK_EVERY_MS = 120

type Props = {
  /** The codes of one frame, none included. */
  onFrame: (codes: readonly string[]) => void
  onTrouble: (words: string) => void
}

/** The camera's picture over the whole screen, read again and again. It stops with the component. */
export function Camera({ onFrame, onTrouble }: Props) {
  const ref = useRef<HTMLVideoElement>(null)
  const found = useEffectEvent(onFrame)
  const failed = useEffectEvent(onTrouble)

  // An effect, because the camera is a device that has to be opened and given back.
  useEffect(() => {
    const gone = new AbortController()
    run(ref.current, gone.signal, found).catch((error: unknown) => {
      if (!gone.signal.aborted) failed(troubleWords(error))
    })
    return () => gone.abort()
  }, [])

  return (
    <video
      ref={ref}
      muted
      playsInline
      aria-label="Camera picture"
      className="absolute inset-0 size-full object-cover"
    />
  )
}

async function run(video: HTMLVideoElement | null, gone: AbortSignal, found: Props['onFrame']): Promise<void> {
  if (!video) return
  if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError')
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1280 } },
    audio: false,
  })
  const stop = () => {
    for (const track of stream.getTracks()) track.stop()
  }
  if (gone.aborted) return stop()
  gone.addEventListener('abort', stop, { once: true })
  video.srcObject = stream
  await video.play()
  const read = await codeReader()
  while (!gone.aborted) {
    found(await read(video))
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

function troubleWords(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError')
    return 'The camera is not allowed for this page. Allow it in the browser, or type the codes.'
  if (name === 'NotFoundError') return 'There is no camera here. Type the codes, or use a hand scanner.'
  return 'The camera does not start. Close other apps that use it, or type the codes.'
}
