/** Types of every operation, from the contract that the server generates (docs/openapi.json): `npm run generate -w apps/web`. */
export default {
  input: '../../docs/openapi.json',
  output: { path: 'api/generated', clean: true },
  plugins: ['@hey-api/typescript'],
}
