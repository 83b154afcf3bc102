import { once } from 'node:events'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { finished } from 'node:stream/promises'

/** What came back: a status, or 0 and why nothing did. */
export type Answer = { status: number; error: string | null }

/** Posts bodies to a webhook endpoint over kept-alive connections; ends what takes longer than the limit. */
export class Poster {
  readonly #http: HttpAgent
  readonly #https: HttpsAgent
  readonly #timeout_ms: number

  constructor(connections_max: number, timeout_ms: number) {
    this.#http = new HttpAgent({ keepAlive: true, maxSockets: connections_max })
    this.#https = new HttpsAgent({ keepAlive: true, maxSockets: connections_max })
    this.#timeout_ms = timeout_ms
  }

  /** Never rejects. The limit covers the whole exchange, so that a trickling endpoint cannot hold a connection. */
  async post(url: URL, body: string, signature: string): Promise<Answer> {
    const secure = url.protocol === 'https:'
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'stripe-signature': signature,
    }
    const agent = secure ? this.#https : this.#http
    const request = (secure ? httpsRequest : httpRequest)(url, { method: 'POST', agent, headers })
    const late = new Error(`No answer within ${this.#timeout_ms} ms`)
    const limit = setTimeout(() => request.destroy(late), this.#timeout_ms)
    try {
      // Errors also come after the response has begun; `finished` reports those.
      request.on('error', () => undefined).end(body)
      const [response]: IncomingMessage[] = await once(request, 'response')
      if (response === undefined) throw new Error('No response')
      await finished(response.resume())
      return { status: response.statusCode ?? 0, error: null }
    } catch (error) {
      return { status: 0, error: error instanceof Error ? error.message : String(error) }
    } finally {
      clearTimeout(limit)
    }
  }

  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}
