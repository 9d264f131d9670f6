-- A message for a chat page. KEYS: inbox, ticket. ARGV: the message, how many an inbox holds.
local left = redis.call('PTTL', KEYS[2])
if left == -2 then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -ARGV[2], -1)
live_with(left, KEYS[1])
return 1
