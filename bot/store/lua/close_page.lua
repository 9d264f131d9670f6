-- A chat page was closed. KEYS: page, ticket. ARGV: when.
local left = redis.call('PTTL', KEYS[2])
if left == -2 then return 0 end
local seen = string.match(redis.call('GET', KEYS[1]) or '0|0', '^([%d.]+)|')
redis.call('SET', KEYS[1], seen .. '|' .. ARGV[1])
live_with(left, KEYS[1])
return 1
