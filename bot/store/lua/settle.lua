-- Looked after. KEYS: due. ARGV: contact; when it was due as it was seen, "" for never; when it is due next, "" for never. Returns 0
-- and changes nothing where somebody marked it meanwhile.
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ARGV[2] ~= '' and at and tonumber(at) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[2] == '' and at then return 0 end
if ARGV[3] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end
return 1
