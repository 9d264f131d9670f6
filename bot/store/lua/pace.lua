-- A sender's turn. KEYS: its next free moment. ARGV: now, seconds between two, longest wait. Returns seconds to wait; the turn is
-- taken unless that is longer.
local now, gap = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
if at - now > tonumber(ARGV[3]) then return string.format('%.6f', at - now) end
redis.call('SET', KEYS[1], string.format('%.6f', at + gap), 'PX', math.ceil((at + gap - now) * 1000) + 1000)
return string.format('%.6f', at - now)
