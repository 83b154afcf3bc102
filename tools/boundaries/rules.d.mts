/** Files that only tests run. */
export const ONLY_TESTS: string
/** Files that are generated. */
export const GENERATED: string
declare const rules: { forbidden: readonly { name: string }[] }
export default rules
