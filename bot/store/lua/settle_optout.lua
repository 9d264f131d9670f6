-- KEYS: opt-out. ARGV: the decision as it is kept (below zero: lifted); life of a lifted one in seconds.
-- A decision of a later time stands. Returns 1 when written.
local kept = redis.call('GET', KEYS[1])
if kept and math.abs(tonumber(kept) or 0) > math.abs(tonumber(ARGV[1])) then return 0 end
if string.sub(ARGV[1], 1, 1) == '-' then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[1])
end
return 1
