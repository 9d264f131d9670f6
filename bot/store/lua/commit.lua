-- KEYS: session, opt-out. ARGV: "1" and the session as read, or "0" and "" for none; the new one ("" erases); its life in
-- seconds; the opt-out as it is kept, or "" to leave it; life of a lifted one; a ticket's change for KEYS 3 to 11 (ticket.lua), or
-- "". Returns 1, or 0 when somebody else was faster.
local change = ARGV[7] ~= '' and cmsgpack.unpack(ARGV[7]) or nil
local k = names(KEYS, 3)
local now = redis.call('GET', KEYS[1])
if ARGV[1] == '1' then
  if now ~= ARGV[2] then return 0 end
elseif now then
  return 0
end
if change then
  if not ticket_stands(k.ticket, change) then return 0 end
  ticket_write(k, change)
end
if ARGV[3] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[3], 'EX', ARGV[4])
end
if ARGV[5] ~= '' then
  if string.sub(ARGV[5], 1, 1) == '-' then
    redis.call('SET', KEYS[2], ARGV[5], 'EX', ARGV[6])
  else
    redis.call('SET', KEYS[2], ARGV[5])
  end
end
return 1
