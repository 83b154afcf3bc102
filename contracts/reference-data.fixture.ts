import { existsSync } from 'node:fs'

/**
 * Data that others made (seating plans, calendars, names, the provider's own objects), for tests. It lies beside the
 * checkout and is never part of it: the one place that knows where. Tests that read it are skipped when it is absent.
 */
const FOLDER = new URL('../../shared/data/dev/', import.meta.url)

/** The location of a file or folder (ending in `/`) of the reference data. */
export function referenceData(path: string): URL {
  return new URL(path, FOLDER)
}

export function hasReferenceData(path = ''): boolean {
  return existsSync(referenceData(path))
}
