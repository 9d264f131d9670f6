-- A ticket changed: mark, list and wake in one. KEYS: tickets, count, due, wake. ARGV: ticket ("" for none), revision, sealed, life of
-- the lists, contact, when it is due.
redis.call('ZADD', KEYS[3], 'LT', ARGV[6], ARGV[5])
redis.call('EXPIRE', KEYS[3], ARGV[4])
if ARGV[1] ~= '' then list(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4]) end
redis.call('RPUSH', KEYS[4], 1)
redis.call('LTRIM', KEYS[4], 0, 0)
return 1
