/** The sharp picture of the seat map, as its tiles show it. Sources for the page to evaluate. */

const TILES = '[role=application] [style*="z-index: 2"] canvas[style*="block"]'

/** Matches once the map has been painted. */
export const FIRST_TILE = `${TILES} >> nth=0`

/** An expression: the canvas context of the whole picture, null before there is one. */
export const MAP_PICTURE = `(() => {
  const tiles = [...document.querySelectorAll(${JSON.stringify(TILES)})]
  const first = tiles[0]
  if (first === undefined) return null
  const density = first.width / first.offsetWidth
  const picture = document.createElement('canvas')
  picture.width = Math.max(...tiles.map((tile) => tile.offsetLeft * density + tile.width))
  picture.height = Math.max(...tiles.map((tile) => tile.offsetTop * density + tile.height))
  const context = picture.getContext('2d')
  for (const tile of tiles) context.drawImage(tile, tile.offsetLeft * density, tile.offsetTop * density)
  return context
})()`
