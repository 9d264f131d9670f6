-- KEYS: session, opt-out. ARGV: "1" and the session as read, or "0" and "" for none; the new one ("" erases); its life in
-- seconds; opt-out "1" set, "0" lift, "" leave; time of it. Returns 1, or 0 when somebody else was faster.
local change = ARGV[7] ~= '' and cmsgpack.unpack(ARGV[7]) or nil -- KEYS 3 to 9 and ARGV 7: a ticket (ticket.lua), "" for none
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
if ARGV[5] == '1' then
  redis.call('SET', KEYS[2], ARGV[6])
elseif ARGV[5] == '0' then
  redis.call('DEL', KEYS[2])
end
return 1
