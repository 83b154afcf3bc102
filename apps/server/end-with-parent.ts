import { onParentGone } from '#platform/lifecycle'

/** Loaded before a program that is not ours, so that it ends when the process that forked it is gone. */
onParentGone(() => process.exit(1))
