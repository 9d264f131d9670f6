-- What a console shows, whole only where it changed. KEYS: count, beat, tickets, duty, seen, due. ARGV: the count known; what was due
-- before that is late.
local n = tonumber(redis.call('GET', KEYS[1]) or '0') + 1
local beat = redis.call('GET', KEYS[2]) or '0'
local late = redis.call('ZCOUNT', KEYS[6], '-inf', ARGV[2])
if n == tonumber(ARGV[1]) then return {n, beat, late} end
return {n, beat, late, redis.call('HGETALL', KEYS[3]), redis.call('HGETALL', KEYS[4]), redis.call('HGETALL', KEYS[5])}
