-- The library: its version is the extension's, its settings are its own.
SELECT extversion = inclusion.version() AS same_version FROM pg_extension WHERE extname = 'inclusion';
SHOW inclusion.night_lock_timeout;
SHOW inclusion.allocation_mem;
SET inclusion.night_lock_timeout = '2s';
SHOW inclusion.night_lock_timeout;
SET inclusion.night_lock_timeout = -1;
SET inclusion.allocation_mem = '1kB';
SET inclusion.agent = 'nobody';
