-- Puts a ticket into the consoles' list, unless a later one stands there, and says that something changed.
local function list(tickets, n, ticket, rev, sealed, life)
  local old = redis.call('HGET', tickets, ticket)
  if old and tonumber(string.match(old, '^(%d+):')) > tonumber(rev) then return 0 end
  redis.call('HSET', tickets, ticket, rev .. ':' .. sealed)
  redis.call('EXPIRE', tickets, life)
  redis.call('INCR', n)
  return 1
end
