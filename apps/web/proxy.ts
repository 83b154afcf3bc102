import { type NextRequest, NextResponse } from 'next/server'

/**
 * Sets the content security policy of every page: scripts run only with this answer's nonce, and WebAssembly may
 * compile because the door scanner decodes with it. Style attributes stay allowed: they carry colours and sizes, no code.
 */
export function proxy(request: NextRequest) {
  const nonce = btoa(crypto.randomUUID())
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "media-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  // The address of an order link or an invitation is its secret: not even our own server is told it as a referrer.
  const { pathname, searchParams } = request.nextUrl
  const secret = searchParams.has('access') || searchParams.has('token') || pathname.startsWith('/invitations/')
  response.headers.set('referrer-policy', secret ? 'no-referrer' : 'strict-origin-when-cross-origin')
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('permissions-policy', 'camera=(self), geolocation=(self), microphone=()')
  return response
}

export const config = { matcher: ['/((?!_next/static|favicon|icon|manifest|zxing).*)'] }
