/** Generated from en.json by `npm run generate`: the values that each message takes. */
export type MessageArguments = {
  'calendar.order': { number: string }
  'seat.row': { row: string }
  'seat.seat': { seat: string }
  'seat.table': { table: string }
  'ticket.area': null
  'ticket.code': null
  'ticket.doors': { time: string }
  'ticket.note': null
  'ticket.order': { number: string; tier: string }
  'ticket.position': { count: number; position: number }
  'ticket.row': null
  'ticket.seat': null
  'ticket.table': null
  'ticket.title': { count: number; event: string }
  'ticket.when': { date: string; time: string; weekday: string }
}
