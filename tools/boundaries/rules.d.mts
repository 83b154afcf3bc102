declare const rules: { forbidden: readonly { name: string }[] }
export default rules
