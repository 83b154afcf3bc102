/** Lines of a list that are on their way, as high as real ones. */
export function LineSkeleton() {
  return (
    <div className="border-b border-line">
      {[0, 1, 2].map((line) => (
        <div key={line} className="border-t border-line py-5">
          <div className="skeleton mb-2.5 h-5 w-1/2 max-w-xs" />
          <div className="skeleton h-4 w-3/4 max-w-md" />
        </div>
      ))}
    </div>
  )
}
