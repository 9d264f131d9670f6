-- Into an outbox. KEYS: outbox. ARGV: life, messages. What waits there already may live longer, or for ever; EXPIRE ... GT came with
-- Redis 7.
local left = redis.call('PTTL', KEYS[1])
for i = 2, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
if left == -2 or (left >= 0 and left < tonumber(ARGV[1]) * 1000) then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return 1
