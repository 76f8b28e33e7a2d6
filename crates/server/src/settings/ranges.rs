use std::ops::RangeInclusive;

const HOUR_MS: i64 = 3_600_000;
const MILLION: i64 = 1_000_000;

pub(super) const BODY_BYTES: RangeInclusive<i64> = 1_024..=104_857_600;

/// What each integer may be. The upper ends are far from what makes sense and far from what overflows: they catch
/// a wrong unit. A test holds this list against `default.toml`.
pub(super) const RANGES: &[(&str, RangeInclusive<i64>)] = &[
    ("server.workers", 0..=1_024),
    ("server.request_timeout_ms", 1..=HOUR_MS),
    ("server.header_timeout_ms", 1..=HOUR_MS),
    ("server.keep_alive_ms", 1..=HOUR_MS),
    ("server.shutdown_timeout_ms", 1..=HOUR_MS),
    ("server.uri_limit_bytes", 256..=65_534),
    ("server.head_limit_bytes", 1_024..=131_072),
    ("server.body_limit_bytes", BODY_BYTES),
    ("server.max_connections", 1..=MILLION),
    ("server.max_in_flight", 1..=MILLION),
    ("limits.sign_in_per_minute", 0..=MILLION),
    ("limits.sign_in_burst", 1..=MILLION),
    ("limits.public_per_minute", 0..=MILLION),
    ("limits.public_burst", 1..=MILLION),
    ("limits.read_per_minute", 0..=MILLION),
    ("limits.read_burst", 1..=MILLION),
    ("limits.write_per_minute", 0..=MILLION),
    ("limits.write_burst", 1..=MILLION),
    ("limits.mail_per_minute", 0..=MILLION),
    ("limits.mail_burst", 1..=MILLION),
    ("database.max_connections", 1..=1_000),
    ("database.readers", 1..=256),
    ("database.acquire_timeout_ms", 1..=HOUR_MS),
    ("database.statement_timeout_ms", 1..=HOUR_MS),
    ("database.connect_timeout_ms", 1..=HOUR_MS),
    ("database.migration_wait_ms", 1..=HOUR_MS),
    ("tokens.signing_key_days", 1..=3_650),
    ("tokens.access_minutes", 1..=1_440),
    ("tokens.session_idle_days", 1..=3_650),
    ("tokens.session_max_days", 1..=3_650),
    ("tokens.refresh_reuse_seconds", 0..=300),
    ("tokens.password_reset_minutes", 5..=1_440),
    ("tokens.invitation_hours", 1..=8_760),
    ("tokens.registration_hours", 1..=168),
    ("passwords.min_length", 8..=128),
    ("passwords.argon2_memory_kib", 8..=1_048_576),
    ("passwords.argon2_iterations", 1..=16),
    ("passwords.argon2_parallelism", 1..=64),
    ("passwords.max_concurrent_hashes", 0..=1_024),
    ("passwords.max_waiting_hashes", 0..=100_000),
    ("mail.smtp_port", 1..=65_535),
    ("mail.smtp_timeout_ms", 1..=HOUR_MS),
    ("mail.retry_first_seconds", 1..=86_400),
    ("mail.retry_longest_seconds", 1..=604_800),
    ("mail.max_attempts", 1..=100),
    ("projects.most_per_owner", 1..=MILLION),
    ("retention.session_days", 0..=3_650),
    ("retention.api_key_days", 0..=3_650),
    ("retention.dead_letter_days", 1..=3_650),
    // The database refuses to delete younger ones.
    ("retention.audit_days", 90..=36_500),
    ("api_keys.max_days", 1..=3_650),
    ("api_keys.max_per_user", 1..=1_000),
];
