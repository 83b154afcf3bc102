import { getEvent } from '../../../../api/operations.ts'
import { routeRefusal } from '../../../../api/route-refusal.ts'
import { asVisitor, siteOrigin } from '../../../../api/visitor.ts'
import { calendarFile } from '../../../../features/event/calendar-file.ts'
import { paths } from '../../../../paths.ts'

/** One performance of an event for the visitor's calendar. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params
  const wanted = new URL(request.url).searchParams.get('performance')
  try {
    const event = await getEvent(id, await asVisitor())
    const performance = event.performances.find((one) => one.id === wanted) ?? event.performances[0]
    if (!performance) return new Response('There is no such date', { status: 404 })
    const file = calendarFile(event, performance, `${await siteOrigin()}${paths.event(id)}`, new Date().toISOString())
    return new Response(file, {
      headers: {
        'content-type': 'text/calendar; charset=utf-8',
        'content-disposition': 'attachment; filename="event.ics"',
      },
    })
  } catch (error) {
    return routeRefusal(error)
  }
}
