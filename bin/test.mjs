import { findBrowser } from './browser.mjs'
import { ensureInstalled, say } from './install.mjs'
import { runPinned } from './run.mjs'

/** `npm test`: installs what is missing, finds a browser that starts here, then runs every check there is. */
await ensureInstalled()
const browser = await findBrowser()
if (browser === null) {
  say(
    'No Chromium starts on this machine, so the browser tests cannot pass. Install the Debian package `chromium`, or set TESSERA_CHROMIUM.',
  )
}
await runPinned('tools/test.ts', process.argv.slice(2), browser === null ? {} : { TESSERA_CHROMIUM: browser })
