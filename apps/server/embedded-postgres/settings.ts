/** PostgreSQL settings by name, as in postgresql.conf. */
export type Settings = Record<string, string | number>

/** Fixed settings: access and log contents. */
const FIXED: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Expected refusals (a lost race) are the client's errors and do not belong in this log; and statements contain
  // personal data.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  // A crashed server ends and is restarted by its supervisor: one way to recover, which checks the disk first.
  // Restarting by itself on a full disk it was seen to hang between its startup process's end and its own.
  restart_after_crash: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** For a machine of a few cores that runs one product. */
const DEFAULTS: Settings = {
  max_connections: 240,
  shared_buffers: '256MB',
  synchronous_commit: 'on',
  fsync: 'on',
  wal_compression: 'on',
  // The log to replay after a crash during a burst: 400,000 holds, 640 MB, took 3 s.
  max_wal_size: '1GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: 0.9,
  random_page_cost: 1.1,
  idle_in_transaction_session_timeout: '30s',
  // Short queries: compiling one costs more than running it.
  jit: 'off',
  // After a crash one call flushes all data to disk instead of one call per file: 0.4–1.4 s instead of 1.3–4.5 s on a
  // busy machine of two cores. Linux only.
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
}

/** For a test database that is thrown away: nothing waits for the disk. */
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
