import { onParentGone } from '#platform/lifecycle'

/**
 * Preloaded into a third-party program, so that it ends when the process that forked it has ended. Its own workers load
 * this too, and are left alone: they depend on their channel to it.
 */
if (process.env['TESSERA_ENDS_WITH'] === String(process.ppid)) onParentGone(() => process.exit(1))
