-- Give back a lease. KEYS: lease. ARGV: the token that took it.
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0
