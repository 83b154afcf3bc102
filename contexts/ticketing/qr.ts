import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

/** Light modules around the code; readers rely on four (ISO/IEC 18004). */
const QUIET_MODULES = 4
/** Pixels a module: 49 modules make 784 pixels, crisp on every screen and in print. */
const PIXELS_A_MODULE = 16

/** The code as a matrix, true = dark, at level M, without the quiet zone. */
export function qrModules(code: string): boolean[][] {
  return encode(code, { ecc: 'M', border: 0 }).data
}

/** All dark modules as one path in module units, a rectangle for each run in a row. */
export function qrPath(modules: readonly (readonly boolean[])[], offset = 0): string {
  const runs: string[] = []
  for (const [y, row] of modules.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true || row[x - 1] === true) continue
      let end = x
      while (row[end] === true) end++
      runs.push(`M${x + offset} ${y + offset}h${end - x}v1h${x - end}z`)
    }
  }
  return runs.join('')
}

/** Always dark on white, on any background: readers expect it. */
export function qrSvg(code: string): Buffer {
  const modules = qrModules(code)
  const size = modules.length + 2 * QUIET_MODULES
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" role="img" aria-label="Ticket code"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${qrPath(modules, QUIET_MODULES)}"/></svg>`,
  )
}

/** The same code as a PNG of one bit a pixel (https://www.w3.org/TR/png-3/). */
export function qrPng(code: string): Buffer {
  const modules = qrModules(code)
  const side = (modules.length + 2 * QUIET_MODULES) * PIXELS_A_MODULE
  const row_bytes = 1 + Math.ceil(side / 8)
  const pixels = Buffer.alloc(row_bytes * side, 0xff)
  for (let y = 0; y < side; y++) {
    pixels[y * row_bytes] = 0
    const row = modules[Math.floor(y / PIXELS_A_MODULE) - QUIET_MODULES]
    for (let x = 0; row !== undefined && x < side; x++) {
      if (row[Math.floor(x / PIXELS_A_MODULE) - QUIET_MODULES] !== true) continue
      const at = y * row_bytes + 1 + (x >> 3)
      pixels[at] = (pixels[at] ?? 0) & ~(0x80 >> (x & 7))
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(data.length, 0)
  named.copy(framed, 4)
  framed.writeUInt32BE(crc32(named), framed.length - 4)
  return framed
}
