-- What a turn or a counselor does to a ticket, shared by commit.lua and change.lua. `change` is a msgpack map:
-- had, before: the ticket as read. after: as it will be, "" erases it. life: seconds, 0 for ever, below that as long as before. notes: entries for the log.
-- outbox: "id:item" to send. drop: 1 when what waits to be sent is dropped. lock: 1 when ticket and log move under lock.
-- fresh: 1 when it is a new hand-off: that the page of the one before was closed says nothing of it.
local MOST_NOTES, MOST_WAITING = 1000, 200

local function ticket_stands(ticket, change)
  local now = redis.call('GET', ticket)
  if change.had == 1 then return now == change.before end
  return not now
end

local function keep(key, life)
  if life > 0 then redis.call('EXPIRE', key, life) else redis.call('PERSIST', key) end
end

-- For what names several records: as long as the longest of them.
local function keep_longer(key, life)
  local left = redis.call('TTL', key)
  if life == 0 then redis.call('PERSIST', key) elseif redis.call('SCARD', key) == 1 or (left >= 0 and left < life) then
    redis.call('EXPIRE', key, life)
  end
end

local function drop_outbox(outbox, sent, life)
  for _, item in ipairs(redis.call('LRANGE', outbox, 0, -1)) do
    local id = string.match(item, '^(%w+):')
    if id and not redis.call('HGET', sent, id) then redis.call('HSET', sent, id, '3|dropped|0|0||0') end
  end
  redis.call('DEL', outbox)
  keep(sent, life)
end

-- Never dropped without a word: what finds no place is shown as not sent, with the code FULL (bot/store/desk.py).
local function queue(k, item)
  if redis.call('LLEN', k.outbox) < MOST_WAITING then
    redis.call('RPUSH', k.outbox, item)
  else
    redis.call('HSET', k.sent, string.match(item, '^(%w+):'), '3|dropped|4|0||0')
  end
end

-- k: ticket, log, outbox, sent, inbox, page, the locked ticket and log, and the serials of all that is locked.
local function ticket_write(k, change)
  local life = tonumber(change.life)
  if life < 0 then
    local left = redis.call('TTL', k.ticket)
    life = left == -1 and 0 or math.max(left, 1)
  end
  if change.drop == 1 then drop_outbox(k.outbox, k.sent, life) end
  for _, note in ipairs(change.notes) do redis.call('RPUSH', k.log, note) end
  redis.call('LTRIM', k.log, -MOST_NOTES, -1)
  if change.lock == 1 then
    redis.call('DEL', k.ticket, k.outbox, k.sent, k.inbox, k.page)
    if redis.call('EXISTS', k.log) == 1 then redis.call('RENAME', k.log, k.locked_log) end
    redis.call('SET', k.locked, change.after)
    redis.call('SADD', k.locks, change.serial)
    keep_longer(k.locks, life)
    keep(k.locked, life)
    keep(k.locked_log, life)
  elseif change.after == '' then
    redis.call('DEL', k.ticket, k.log, k.outbox, k.sent, k.inbox, k.page)
  else
    if change.fresh == 1 then redis.call('DEL', k.page) end
    for _, item in ipairs(change.outbox) do queue(k, item) end
    redis.call('SET', k.ticket, change.after)
    for _, key in ipairs({k.ticket, k.log, k.outbox, k.sent, k.inbox, k.page}) do keep(key, life) end
  end
end

local function names(keys, at)
  return {ticket = keys[at], log = keys[at + 1], outbox = keys[at + 2], sent = keys[at + 3], inbox = keys[at + 4],
          page = keys[at + 5], locked = keys[at + 6], locked_log = keys[at + 7], locks = keys[at + 8]}
end
