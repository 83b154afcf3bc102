import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { p1 } from './figures/p1.ts'
import { p2 } from './figures/p2.ts'
import { p3 } from './figures/p3.ts'
import { p5 } from './figures/p5.ts'
import { p6 } from './figures/p6.ts'
import { p7 } from './figures/p7.ts'
import { p11 } from './figures/p11.ts'
import { type Bench, startBench } from './product.ts'
import { type Row, table } from './report.ts'

/**
 * `npm run bench [-- p1 p3 …]`: the figures that matter, each as a ratio to a reference of the same run. A whole run
 * writes bench/RESULTS.md; some figures by name are only printed, or written too with `--write`.
 */
const onProduct: Readonly<Record<string, (bench: Bench, tokens: readonly string[]) => Promise<Row[]>>> = {
  p1,
  p2,
  p3,
  p5,
  p6,
  p7,
}
const names = [...Object.keys(onProduct), 'p11']
const TOKENS = 2_000

const asked = process.argv.slice(2).map((name) => name.toLowerCase())
const wanted = asked.filter((name) => name !== '--write')
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new Error(`No figure ${unknown.join(', ')}; there are ${names.join(', ')}`)
const chosen = wanted.length === 0 ? names : wanted

const rows: Row[] = []
for (const name of chosen) {
  const measure = onProduct[name]
  process.stdout.write(`${name} …\n`)
  if (measure === undefined) rows.push(...(await p11()))
  else {
    // Each figure on a product of its own: what one leaves behind is no part of the next.
    const bench = await startBench({ payments: name === 'p6' })
    try {
      rows.push(...(await measure(bench, await bench.tokens(TOKENS))))
    } finally {
      await bench.stop()
    }
  }
}
process.stdout.write(`\n${table(rows)}\n`)
if (wanted.length === 0 || asked.includes('--write')) {
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}`
  const text = `# Results\n\nMade by \`npm run bench${asked.length === 0 ? '' : ` -- ${asked.join(' ')}`}\` on ${new Date().toISOString().slice(0, 10)}: ${machine}. The load generator shares the machine. Only ratios\nwithin one run mean anything; how each is measured stands in its file under \`bench/figures\`.\n\n${table(rows)}\n`
  await writeFile(new URL('./RESULTS.md', import.meta.url), text)
}
