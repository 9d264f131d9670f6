-- What became of a message. KEYS: states, ticket, outbox. ARGV: name, rank|state|code|at|sid|tries, seconds that it lives alone.
-- A lower rank changes nothing but an unknown sid. Returns 1, or 0 where nothing is kept of the conversation any more.
local left = redis.call('PTTL', KEYS[2])
if left == -2 and redis.call('EXISTS', KEYS[3]) == 0 and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
local old = redis.call('HGET', KEYS[1], ARGV[1])
local new = ARGV[2]
if old then
  local old_rank, _, _, _, old_sid, old_tries = string.match(old, '^(%d)|(%a+)|(%d+)|([%d.]+)|(%w*)|(%d+)$')
  local rank, state, code, at, sid, tries = string.match(new, '^(%d)|(%a+)|(%d+)|([%d.]+)|(%w*)|(%d+)$')
  if old_rank and tonumber(rank) < tonumber(old_rank) then
    if sid == '' or old_sid ~= '' then return 0 end
    new = string.gsub(old, '|(%w*)|(%d+)$', '|' .. sid .. '|' .. old_tries)
  else
    if sid == '' then sid = old_sid or '' end
    if tonumber(tries) < tonumber(old_tries or 0) then tries = old_tries end
    new = table.concat({rank, state, code, at, sid, tries}, '|')
  end
end
redis.call('HSET', KEYS[1], ARGV[1], new)
live_with(left, KEYS[1], ARGV[3])
return 1
