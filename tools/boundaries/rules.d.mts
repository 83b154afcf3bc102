/** Files that only tests run. */
export const ONLY_TESTS: string
declare const rules: { forbidden: readonly { name: string }[] }
export default rules
