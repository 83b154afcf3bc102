import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { createVerifier } from './verify.ts'

test('a token in use stays cached, however many others come; the least recently used is evicted', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }
  const [issuer, audience] = ['https://issuer.test', 'api']
  const verifier = createVerifier({ issuer, audience, jwks: async () => ({ keys: [jwk] }), tokens_max: 3 })
  const token = (user_id: string): Promise<string> =>
    new SignJWT({ sid: `ses_of_${user_id}`, roles: [] })
      .setProtectedHeader({ alg: 'RS256', kid: 'k', typ: 'at+jwt' })
      .setSubject(user_id)
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime('5 minutes')
      .sign(privateKey)
  const busy = await token('busy')
  const first = await token('first')
  for (const one of [busy, first]) expect(await verifier.verify(one)).toMatchObject({ guest: false })
  for (let other = 0; other < 6; other++) {
    await verifier.verify(await token(`other${other}`))
    expect(verifier.verify(busy)).toMatchObject({ user_id: 'busy' })
  }
  expect(verifier.verify(first)).toBeInstanceOf(Promise)
  verifier.forgetSessions(['ses_of_busy'])
  expect(await verifier.verify(busy)).toBeNull()
})
