import semver from 'semver'
import type { Verdict } from './check.ts'
import { textOf } from './tree.ts'

type Locked = {
  version?: string
  optional?: boolean
  os?: readonly string[]
  cpu?: readonly string[]
  engines?: { node?: string }
  hasInstallScript?: boolean
  optionalDependencies?: Readonly<Record<string, string>>
}
type Packages = Readonly<Record<string, Locked>>
type Manifest = { allowScripts: Readonly<Record<string, boolean>> }

/** `npm ci` must work with the npm of any Node from this one on, though the product runs on a newer one. */
const NODE_OLDEST = '20.20.2'
const PACKAGES_MIN = 100

/** Whether the lock survives `npm ci` on a machine that has only an older Node. */
export async function checkLock(): Promise<Verdict> {
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Packages }
  const { allowScripts } = JSON.parse(textOf('package.json')) as Manifest
  const count = Object.keys(packages).length
  return {
    complaints: [
      ...lockComplaints(packages, allowScripts),
      ...(count < PACKAGES_MIN ? [`only ${count} packages are locked`] : []),
    ],
    looked_at: `${count} packages`,
  }
}

export function lockComplaints(packages: Packages, allowScripts: Manifest['allowScripts']): string[] {
  return Object.entries(packages).flatMap(([path, locked]) => {
    const who = `${path} ${locked.version ?? ''}`
    const complaints: string[] = []
    const missing = path === '' ? [] : missingOptionals(packages, path, locked)
    if (missing.length > 0) complaints.push(`${who}: npm ci refuses a lock without ${missing.join(', ')}`)
    if (isSkipped(locked))
      complaints.push(`${who}: left out in silence by Node ${NODE_OLDEST}, it wants ${locked.engines?.node}`)
    const name = path.split('node_modules/').at(-1) ?? ''
    if (locked.hasInstallScript === true && !(name in allowScripts))
      complaints.push(`${who}: has an install script; say in allowScripts whether it may run`)
    return complaints
  })
}

/** Optional dependencies (of other platforms, mostly) that the lock does not have, or has in an unfit version. */
function missingOptionals(packages: Packages, path: string, locked: Locked): string[] {
  return Object.entries(locked.optionalDependencies ?? {}).flatMap(([name, range]) => {
    const found = resolve(packages, path, name)?.version
    if (found === undefined) return [name]
    const unfit = semver.validRange(range) !== null && !semver.satisfies(found, range, { includePrerelease: true })
    return unfit ? [`${name}@${range}`] : []
  })
}

/** As Node looks for a package: in each node_modules on the way up. */
function resolve(packages: Packages, from: string, name: string): Locked | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const found = packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]
    if (found !== undefined || folder === '') return found
  }
}

/** npm leaves out an optional package whose engines the Node it runs on does not fit: here, native bindings we need. */
function isSkipped({ optional, engines, os, cpu }: Locked): boolean {
  if (optional !== true || engines?.node === undefined) return false
  const here = (os === undefined || os.includes('linux')) && (cpu === undefined || cpu.includes('x64'))
  return here && !semver.satisfies(NODE_OLDEST, engines.node)
}
