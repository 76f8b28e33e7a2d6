INSERT INTO roles SELECT (lpad(to_hex(i), 32, '0'))::uuid, 'role' || i, '', false, 1, now(), now()
    FROM generate_series(1, 50) i;
INSERT INTO users SELECT (lpad(to_hex(i), 32, '0'))::uuid, md5(i::text) || '@example.org',
    'Name ' || md5((-i)::text), 'name ' || md5((-i)::text),
    CASE WHEN i % 1000 = 1 THEN 'deactivated' WHEN i % 50 = 0 THEN 'pending' ELSE 'active' END,
    1, 1, timestamptz '2026-01-01' + i * interval '1 minute', now()
    FROM generate_series(1, 20000) i;
INSERT INTO user_roles SELECT users.id, roles.id FROM users, roles WHERE roles.name = 'member';
INSERT INTO user_roles SELECT (lpad(to_hex(i * 1000), 32, '0'))::uuid, roles.id
    FROM generate_series(1, 20) i, roles WHERE roles.name = 'administrator';
INSERT INTO user_roles SELECT (lpad(to_hex(i * 100), 32, '0'))::uuid, roles.id
    FROM generate_series(1, 200) i, roles WHERE roles.name = 'role7';
INSERT INTO credentials SELECT id, '$argon2id$', now() FROM users;
INSERT INTO sign_in_networks SELECT id, '203.0.113.0/24', created_at FROM users;
INSERT INTO sign_in_networks SELECT id, '198.51.100.0/24', created_at FROM users;
INSERT INTO sessions SELECT id, id, created_at, created_at, created_at,
    CASE WHEN get_byte(uuid_send(id), 15) % 2 = 1 THEN created_at END FROM users;
INSERT INTO refresh_tokens SELECT sha256(uuid_send(id)), id, ''::bytea, now(), now(), NULL FROM sessions;
INSERT INTO registrations SELECT id, email, display_name, created_at FROM users;
INSERT INTO one_time_tokens SELECT sha256(uuid_send(id)), 'password_reset', id, created_at, created_at FROM users;
INSERT INTO outbox_messages SELECT id, 'password_reset', id, email,
    CASE WHEN status = 'active' THEN 'dead' ELSE 'pending' END, 0, created_at, created_at, NULL FROM users;
INSERT INTO email_changes SELECT id, id, email, email, created_at, NULL FROM users;
INSERT INTO api_keys SELECT id, id, 'Key', sha256(uuid_send(id)), '', 1, now(), now(), created_at, NULL FROM users;
INSERT INTO revocations (kind, subject, created_at)
    SELECT 'session', id, timestamptz '2026-01-01' + interval '1 second' * i
    FROM (SELECT id, row_number() OVER (ORDER BY id) i FROM sessions) s;
INSERT INTO audit_events SELECT id, created_at, 'sessions.refreshed', 'user', id,
    'session', id, id, '203.0.113.0/24' FROM users;
INSERT INTO audit_events SELECT gen_random_uuid(), created_at, 'users.deleted', 'user',
    (lpad(to_hex(1000), 32, '0'))::uuid, 'user', id, id, NULL FROM users LIMIT 300;
INSERT INTO projects SELECT id, id, 'Bridge', '', CASE WHEN random() < 0.5 THEN 'active' ELSE 'archived' END,
    1, now(), now() FROM users;
INSERT INTO projects SELECT gen_random_uuid(), (lpad(to_hex(4096), 32, '0'))::uuid, 'Bridge', '', 'active',
    1, now(), now() FROM users LIMIT 300;
VACUUM ANALYZE;
