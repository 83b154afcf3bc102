import { onParentGone } from '#platform/lifecycle'

/**
 * Loaded before a program that is not ours, so that it ends when the process that forked it is gone. Its own workers
 * load this too, and must be left alone: they live by the channel to it.
 */
if (process.env['TESSERA_ENDS_WITH'] === String(process.ppid)) onParentGone(() => process.exit(1))
