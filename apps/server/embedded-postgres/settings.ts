/** PostgreSQL settings by name, as in postgresql.conf. */
export type Settings = Record<string, string | number>

/** Never changed by a caller: who can reach it, and what the log says. */
const FIXED: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Expected refusals (a lost race) are errors of the client's, not news for this log; and statements hold personal data.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  // A server that crashed ends, and is started afresh by who watches it: one way back, which looks at the disk first.
  // Left to itself on a full disk it was seen to hang for good between its startup process's end and its own.
  restart_after_crash: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** For a machine of a few cores with one product on it. */
const DEFAULTS: Settings = {
  max_connections: 200,
  shared_buffers: '256MB',
  synchronous_commit: 'on',
  fsync: 'on',
  wal_compression: 'on',
  // What a crash in the middle of a burst has to read again: 400,000 holds, 640 MB, took 3 s.
  max_wal_size: '1GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: 0.9,
  random_page_cost: 1.1,
  idle_in_transaction_session_timeout: '30s',
  // Short queries: compiling one costs more than running it.
  jit: 'off',
  // After a crash the data is made sure to be on the disk with one call instead of one a file: 0.4–1.4 s instead of 1.3–4.5 s
  // on a busy machine of two cores. Only Linux has it.
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
}

/** For a database that is thrown away after a test: nothing waits for the disk. */
const THROWAWAY: Settings = {
  shared_buffers: '128MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  min_wal_size: '80MB',
}

export function settingsFor(throwaway: boolean, given: Settings): Settings {
  return { ...DEFAULTS, ...(throwaway ? THROWAWAY : {}), ...given, ...FIXED }
}
