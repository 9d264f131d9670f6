-- KEYS: the ticket's nine (ticket.lua). ARGV: the change. Returns 1, or 0 when somebody else was faster.
local change = cmsgpack.unpack(ARGV[1])
local k = names(KEYS, 1)
if not ticket_stands(k.ticket, change) then return 0 end
ticket_write(k, change)
return 1
