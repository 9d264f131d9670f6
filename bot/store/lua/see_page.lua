-- A sign of a chat page. KEYS: page, ticket. ARGV: now; seconds between two signs that are written down; seconds in which a closed
-- page may come back; seconds after which an unseen one is gone; how: looks, again or writes. Returns a bot.store.desk.Look.
local left = redis.call('PTTL', KEYS[2])
if left == -2 then return 'none' end
local at = tonumber(ARGV[1])
local seen, closed = string.match(redis.call('GET', KEYS[1]) or '0|0', '^([%d.]+)|([%d.]+)$')
local was = seen
seen, closed = tonumber(seen), tonumber(closed)
local how = ARGV[5]
if how == 'writes' and closed > at then return 'known' end
if how ~= 'writes' and closed > 0 and at - closed >= tonumber(ARGV[3]) then return 'late' end
if how == 'again' and closed == 0 and seen > 0 and at - seen >= tonumber(ARGV[4]) then
  redis.call('SET', KEYS[1], was .. '|' .. was)
  live_with(left, KEYS[1])
  return 'late'
end
if closed == 0 and at - seen < tonumber(ARGV[2]) then return 'known' end
redis.call('SET', KEYS[1], ARGV[1] .. '|0')
live_with(left, KEYS[1])
return closed > 0 and 'back' or 'known'
