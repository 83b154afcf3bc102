import { LineSkeleton } from '../../features/admin/line-skeleton.tsx'

export default function AdminLoading() {
  return (
    <div className="max-w-[960px]" role="status" aria-label="Loading">
      <h1 className="sr-only">One moment</h1>
      <div className="skeleton mb-4 h-12 w-2/3 max-w-md md:h-16" />
      <div className="skeleton mb-8 h-5 w-full max-w-xl" />
      <LineSkeleton />
    </div>
  )
}
