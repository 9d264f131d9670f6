-- A key lives no longer than the ticket beside it, and under a legal hold no shorter. ticket_left: what PTTL says of the ticket;
-- alone: seconds where there is none.
local function live_with(ticket_left, key, alone)
  if ticket_left == -1 then redis.call('PERSIST', key)
  elseif ticket_left >= 0 then redis.call('PEXPIRE', key, ticket_left)
  else redis.call('EXPIRE', key, alone) end
end
