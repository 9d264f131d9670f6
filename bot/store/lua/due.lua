-- Who is due by now; each is due again at ARGV 2 unless settled. KEYS: due. ARGV: now, again, how many.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, contact in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], contact) end
return due
