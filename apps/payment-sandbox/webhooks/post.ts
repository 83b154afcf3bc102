import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

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

  /** Never rejects. The limit covers the whole exchange, so that a trickling endpoint cannot hold a slot. */
  post(url: URL, body: string, signed: string): Promise<Answer> {
    const secure = url.protocol === 'https:'
    return new Promise((resolve) => {
      const request = (secure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: secure ? this.#https : this.#http,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signed,
        },
      })
      const limit = setTimeout(
        () => request.destroy(new Error(`No answer within ${this.#timeout_ms} ms`)),
        this.#timeout_ms,
      )
      const finish = (answer: Answer): void => {
        clearTimeout(limit)
        resolve(answer)
      }
      request.on('error', (error) => finish({ status: 0, error: error.message }))
      request.on('response', (response) => {
        response.on('error', (error) => finish({ status: 0, error: error.message }))
        response.on('end', () => finish({ status: response.statusCode ?? 0, error: null }))
        response.resume()
      })
      request.end(body)
    })
  }

  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}
