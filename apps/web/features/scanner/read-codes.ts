import type { ReaderOptions } from 'zxing-wasm/reader'

/** Reads the QR codes of one camera frame. */
export type CodeReader = (frame: HTMLVideoElement) => Promise<string[]>

/** Where the browser has no detector of its own, frames are shrunk to this before WebAssembly looks at them. */
const FRAME_SIDE_MAX = 960

/** Two tickets before one camera are both seen in each frame, so that neither seems to come and go. */
const CODES_MAX = 4

type Detector = { detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]> }
type DetectorType = { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> }

/** The browser's own detector where it knows QR codes, else ZXing, served from our own origin. */
export async function codeReader(): Promise<CodeReader> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorType }
  const formats = (await BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? []
  if (BarcodeDetector && formats.includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] })
    return async (frame) => (await detector.detect(frame)).map((code) => code.rawValue)
  }
  return zxingReader()
}

async function zxingReader(): Promise<CodeReader> {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader')
  const wasm = new URL('zxing-wasm/reader/zxing_reader.wasm', import.meta.url).href
  prepareZXingModule({
    overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) },
  })
  const options: ReaderOptions = { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: CODES_MAX }
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return async (frame) => {
    const scale = Math.min(1, FRAME_SIDE_MAX / Math.max(frame.videoWidth, frame.videoHeight, 1))
    canvas.width = Math.round(frame.videoWidth * scale)
    canvas.height = Math.round(frame.videoHeight * scale)
    if (!context || canvas.width === 0) return []
    context.drawImage(frame, 0, 0, canvas.width, canvas.height)
    const found = await readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), options)
    return found.filter((code) => code.isValid).map((code) => code.text)
  }
}
