/**
 * How far this device's clock is from the server's, learnt from the `Date` header of every answer (whole seconds, so
 * half a second is added). Hold timers count by it: a phone that runs late must not show time that is gone.
 */
let offset_ms = 0

export function learnServerTime(date_header: string | null): void {
  const server_ms = date_header ? Date.parse(date_header) : Number.NaN
  if (!Number.isNaN(server_ms)) offset_ms = server_ms + 500 - Date.now()
}

export function serverNow(): number {
  // A clock that is right to the second is left alone: the header cannot tell it better.
  return Math.abs(offset_ms) < 1_500 ? Date.now() : Date.now() + offset_ms
}
