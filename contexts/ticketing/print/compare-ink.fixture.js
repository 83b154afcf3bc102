/**
 * In the browser: draws a text with a font, and outlines beside it.
 *
 * @param {{ font: string, text: string, path: string, size: number }} picture The font file in base 64; outlines as
 * `x,y path` joined by `|`; the size in pixels.
 * @returns {Promise<{ difference: number, width: number }>} The share of ink that stands in one picture only, and the
 * width of the browser's text in pixels.
 */
globalThis.compareInk = async ({ font, text, path, size }) => {
  const bytes = Uint8Array.from(atob(font), (character) => character.charCodeAt(0))
  const face = new FontFace('Compared', bytes.buffer, { weight: '100 900' })
  await face.load()
  document.fonts.add(face)
  const draw = (paint) => {
    const context = new OffscreenCanvas(4_000, 4 * size).getContext('2d')
    context.fillStyle = '#000'
    context.translate(size, 2.5 * size)
    paint(context)
    return context.getImageData(0, 0, 4_000, 4 * size).data
  }
  let width = 0
  const theirs = draw((context) => {
    context.font = `600 ${size}px Compared`
    context.textRendering = 'geometricPrecision'
    // The order is given: a run has one direction.
    context.direction = 'ltr'
    width = context.measureText(text).width
    context.fillText(text, 0, 0)
  })
  const ours = draw((context) => {
    for (const glyph of path.split('|')) {
      const [at, outline] = glyph.split(/ (.*)/s)
      context.save()
      context.translate(...at.split(',').map(Number))
      context.fill(new Path2D(outline))
      context.restore()
    }
  })
  document.fonts.delete(face)
  let ink = 0
  let apart = 0
  for (let index = 3; index < ours.length; index += 4) {
    ink += Math.max(ours[index], theirs[index])
    apart += Math.abs(ours[index] - theirs[index])
  }
  return { difference: ink === 0 ? 1 : apart / ink, width }
}
