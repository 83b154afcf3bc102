import { mosaic, SEAMLESS } from './mosaic.ts'

type Props = { title: string; genre: string; ratio?: number; className?: string; decorative?: boolean }

/** An event's generated poster. Beside its own title it is decoration, and screen readers pass over it. */
export function Poster({ title, genre, ratio = 0.8, className = '', decorative = true }: Props) {
  const { width, height, ground, shapes } = mosaic(title, genre, ratio)
  const naming = decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': `Poster of ${title}` }
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid slice"
      className={`block size-full ${className}`}
      {...naming}
    >
      {/* Beyond the picture's edges, which seldom fall on whole pixels. */}
      <rect x={-1} y={-1} width={width + 2} height={height + 2} fill={ground} />
      {shapes.map(({ fill, d }, index) => (
        <path key={`${index}${fill}`} fill={fill} stroke={fill} {...SEAMLESS} d={d} />
      ))}
    </svg>
  )
}
