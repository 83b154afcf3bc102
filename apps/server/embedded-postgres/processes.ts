import { readdir, readFile, readlink } from 'node:fs/promises'
import { run } from './run.ts'

/**
 * Processes of the operating system. A pid alone is no proof, because it may have been reused, so a process is
 * identified by its pid together with its start time.
 */
const linux = process.platform === 'linux'

/** Constant while the same process has this pid; null when there is none (or only a zombie). */
export async function identityOf(pid: number): Promise<string | null> {
  if (!linux) {
    const asked = await run('ps', ['-o', 'lstart=', '-p', String(pid)], {})
    return asked.code === 0 && asked.output !== '' ? asked.output : null
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  // The name in parentheses may hold spaces and parentheses; the fields after it do not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return null
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return `${boot.trim()}/${fields[19]}`
}

/** The command line, arguments joined by spaces; empty when there is no such process. */
export async function commandOf(pid: number): Promise<string> {
  if (!linux) return (await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {})).output
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.split('\0').join(' ').trim()
}

/**
 * The PostgreSQL processes on this data directory: the postmaster and its backends all have it as their working
 * directory. `suspect` is the pid in its postmaster.pid; except on Linux only that one is checked.
 */
export async function processesOn(cluster_dir: string, suspect: number | null): Promise<number[]> {
  if (!linux) {
    if (suspect === null) return []
    const command = await commandOf(suspect)
    return command.includes('postgres') && command.includes(cluster_dir) ? [suspect] : []
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
      return cwd === cluster_dir && (await commandOf(Number(pid))).includes('postgres') ? [Number(pid)] : []
    }),
  )
  return found.flat()
}

/** False when the process had ended already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
